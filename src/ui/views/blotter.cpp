// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/blotter.h"

#include "ui/language.h"

#include <QComboBox>
#include <QEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QToolBar>
#include <QVBoxLayout>

#include <utility>

namespace khop::ui {

using namespace Qt::StringLiterals;

Blotter::Blotter(CellModel &model, const Theme &theme, const QString &objectName,
                 std::vector<int> textColumns, QWidget *parent)
    : QWidget(parent)
    , m_model(model)
    , m_table(new CellTable(theme, objectName, this))
    , m_search(new QLineEdit(this))
    , m_summary(new QLabel(this))
    , m_bar(new QToolBar(this))
    , m_beforeSearch(nullptr)
    , m_textColumns(std::move(textColumns))
{
    m_filter.setSourceModel(&model);
    m_table->setModel(&m_filter);
    // The model's own order (newest first) until a header is clicked.
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::DescendingOrder);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignCenter);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);

    m_search->setObjectName(objectName + u"Search"_s);
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(84);
    m_summary->setObjectName(objectName + u"Summary"_s);

    // A tool bar folds what does not fit on a narrow screen into its menu.
    m_bar->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_beforeSearch = m_bar->addWidget(m_search);
    auto *space = new QWidget(this);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_bar->addWidget(space);
    m_bar->addWidget(m_summary);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(m_bar);
    column->addWidget(m_table, 1);

    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_filter.setText(text, m_textColumns); });
    connect(m_table, &QTableView::doubleClicked, this,
            [this](const QModelIndex &index) { Q_EMIT activated(sourceRow(index.row())); });
    connect(m_table, &QTableView::customContextMenuRequested, this, &Blotter::showMenu);
    // Widths come from the first rows there are; afterwards they are the user's.
    connect(&m_filter, &QAbstractItemModel::rowsInserted, this, [this] {
        if (!std::exchange(m_fitted, true))
            m_table->fitColumns();
    });
    connect(&m_filter, &QAbstractItemModel::modelReset, this, [this] {
        if (m_filter.rowCount() > 0 && !std::exchange(m_fitted, true))
            m_table->fitColumns();
    });
    retranslate();
}

void Blotter::addChoice(std::function<QStringList()> titles, std::function<bool(int, int)> accepts)
{
    auto *box = new QComboBox(this);
    box->setObjectName(m_table->objectName() + u"Choice%1"_s.arg(m_choices.size()));
    box->addItems(titles());
    m_bar->insertWidget(m_beforeSearch, box);
    m_choices.push_back({box, std::move(titles), std::move(accepts)});
    connect(box, &QComboBox::currentIndexChanged, this, &Blotter::applyChoices);
}

void Blotter::applyChoices()
{
    m_filter.setCondition([this](int row) {
        for (const Choice &choice : m_choices) {
            if (!choice.accepts(row, choice.box->currentIndex()))
                return false;
        }
        return true;
    });
}

void Blotter::addAction(QAction *action)
{
    m_bar->addAction(action);
    m_bar->widgetForAction(action)->setFocusPolicy(Qt::NoFocus);
}

int Blotter::sourceRow(int row) const
{
    const QModelIndex index = m_filter.index(row, 0);
    return index.isValid() ? m_filter.mapToSource(index).row() : -1;
}

int Blotter::currentSourceRow() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? sourceRow(current.row()) : -1;
}

std::vector<int> Blotter::selectedSourceRows() const
{
    std::vector<int> rows;
    for (const int row : m_table->selectedRowNumbers())
        rows.push_back(sourceRow(row));
    return rows;
}

void Blotter::setSummary(const QString &text) { m_summary->setText(text); }

void Blotter::saveState(QSettings &settings) const { m_table->saveState(settings); }

void Blotter::restoreState(const QSettings &settings)
{
    if (m_table->restoreState(settings)) {
        m_fitted = true;
        m_language = languageCode();
    }
}

void Blotter::resetState()
{
    m_table->showDefaultColumns();
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::DescendingOrder);
    m_table->fitColumns();
}

void Blotter::showMenu(const QPoint &at)
{
    QMenu menu(this);
    if (!m_menuActions.isEmpty()) {
        menu.addActions(m_menuActions);
        menu.addSeparator();
    }
    menu.addActions(m_table->tableActions());
    menu.exec(m_table->viewport()->mapToGlobal(at));
}

void Blotter::retranslate()
{
    m_search->setPlaceholderText(tr("Filter"));
    for (const Choice &choice : m_choices) {
        const QStringList titles = choice.titles();
        for (int i = 0; i < titles.size(); ++i)
            choice.box->setItemText(i, titles[i]);
    }
    m_model.retranslate();
    // Widths the user has set stay, unless the words in the columns are others.
    if (m_language != languageCode())
        m_table->fitColumns();
    m_language = languageCode();
}

void Blotter::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

} // namespace khop::ui
