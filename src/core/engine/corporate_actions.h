// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions: what an issuer gives the holders of a share. On the ex-date the reference price
// falls by what is given and everybody who holds the share at the turn of that day, bought but unsettled
// shares included, is entitled; on the pay date the entitled are paid.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "market/ex_rights.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

enum class CorporateActionType : std::uint8_t { CashDividend, StockDividend, Bonus };
std::string_view name(CorporateActionType type); // CASH_DIVIDEND STOCK_DIVIDEND BONUS
std::optional<CorporateActionType> corporateActionTypeFromName(std::string_view upperCaseName);

/// ANNOUNCED until the ex-date, ENTITLED until the pay date, then PAID; or WITHDRAWN before the ex-date.
enum class CorporateActionStatus : std::uint8_t { Announced, Entitled, Paid, Withdrawn };
std::string_view name(CorporateActionStatus status);

/// What is announced.
struct CorporateTerms {
    InstrumentIndex instrument = noInstrument;
    CorporateActionType type = CorporateActionType::CashDividend;
    Date exDate;
    Date recordDate; // not given when announced: the trading day after the ex-date
    Date payDate;
    Price cash;             // CASH_DIVIDEND: per share, before tax
    std::int64_t ratio = 0; // the others: new shares per share in millionths
    Price fractionPrice;    // of a whole share, for fractions of new shares; 0: they lapse
    bool fromTreasury = false;
    std::string description;

    bool givesShares() const { return type != CorporateActionType::CashDividend; }
};

/// What became of it.
struct CorporateAction {
    OrderNo no = 0; // from the same row of numbers as orders
    Uuid id;
    CorporateTerms terms;
    CorporateActionStatus status = CorporateActionStatus::Announced;
    std::size_t holders = 0; // entitled
    Quantity entitled;       // shares held by them
    Money cash;              // paid, before tax
    Money tax;
    Quantity shares; // delivered
    Time createdAt;
    Time updatedAt;
};
using CorporateActionList = std::vector<CorporateAction>; // ascending by number

/// How many there may be, finished ones included.
inline constexpr std::size_t mostCorporateActions = 20'000;

class CorporateActions
{
public:
    struct Entitlement {
        AccountNo account = 0;
        Quantity quantity;
    };
    struct Entry {
        CorporateAction action;
        std::vector<Entitlement> entitlements; // until it is paid; by account
    };
    using Entries = std::map<OrderNo, Entry>;

    std::size_t size() const { return m_entries.size(); }
    Entry *find(const Uuid &id);
    void add(CorporateAction action);
    /// Every entry, to be changed; call changed() afterwards.
    Entries &entries() { return m_entries; }
    const Entries &entries() const { return m_entries; }
    void changed() { m_shared.reset(); }
    /// What all announced actions of a share with this ex-date do to its reference price.
    ExRights exRights(InstrumentIndex instrument, Date exDate) const;
    /// For readers: the list as it is now; never null.
    std::shared_ptr<const CorporateActionList> shared() const;

    void save(ByteWriter &out) const;
    /// False when an action names accounts or instruments that are not there.
    bool load(ByteReader &in, std::size_t accounts, std::size_t instruments);

private:
    Entries m_entries;
    mutable std::shared_ptr<const CorporateActionList> m_shared; // null: to be made
};

void encodeTerms(ByteWriter &out, const CorporateTerms &terms);
CorporateTerms decodeTerms(ByteReader &in); // the reader fails on anything malformed

} // namespace khop
