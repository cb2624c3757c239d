// SPDX-License-Identifier: GPL-3.0-or-later
#include "market/defaults.h"

#include "base/invariant.h"

#include <QFile>
#include <QString>

// A static library's resources are linked and registered only where somebody asks for them, and the
// macro does not work inside a namespace.
static void initMarketData() { Q_INIT_RESOURCE(market_data); }

namespace khop {

namespace {

std::string resourceText(const QString &path)
{
    initMarketData();
    QFile file(path);
    KHOP_INVARIANT(file.open(QIODevice::ReadOnly));
    return file.readAll().toStdString();
}

} // namespace

std::string defaultMarketRulesText() { return resourceText(QStringLiteral(":/khop/markets.json")); }

std::string defaultInstrumentsText()
{
    return resourceText(QStringLiteral(":/khop/instruments.csv"));
}

} // namespace khop
