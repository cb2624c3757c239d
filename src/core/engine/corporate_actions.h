// SPDX-License-Identifier: GPL-3.0-or-later
// Corporate actions: what an issuer gives the holders of a share or makes of their shares. On the ex-date
// the reference price follows and everybody who holds the share at the turn of that day, bought but
// unsettled shares included, is entitled; on the pay date the entitled are paid. Holders of rights choose
// in between; splits, mergers and transfers are done on the ex-date itself.
#pragma once

#include "base/bytes.h"
#include "base/ids.h"
#include "base/integers.h"
#include "base/time.h"
#include "base/wide.h"
#include "market/ex_rights.h"
#include "market/instrument.h"

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace khop {

enum class CorporateActionType : std::uint8_t {
    CashDividend,
    StockDividend,
    Bonus,
    Rights,  // to buy new shares
    Split,   // or, with a ratio below 1, reverse split
    Merger,  // the share becomes another
    Transfer // to another exchange
};
inline constexpr int corporateActionTypeCount = 7;
/// CASH_DIVIDEND STOCK_DIVIDEND BONUS RIGHTS SPLIT MERGER TRANSFER
std::string_view name(CorporateActionType type);
std::optional<CorporateActionType> corporateActionTypeFromName(std::string_view upperCaseName);

/// ANNOUNCED until the ex-date, ENTITLED until the pay date, then PAID; or WITHDRAWN before the ex-date, or
/// FAILED: a split or merger that would have made more shares than there can be.
enum class CorporateActionStatus : std::uint8_t { Announced, Entitled, Paid, Withdrawn, Failed };
inline constexpr int corporateActionStatusCount = 5;
std::string_view name(CorporateActionStatus status);

/// What is announced.
struct CorporateTerms {
    InstrumentIndex instrument = noInstrument;
    CorporateActionType type = CorporateActionType::CashDividend;
    Date exDate;
    Date recordDate; // not given when announced: the trading day after the ex-date
    Date payDate;    // RIGHTS: on which the new shares are listed
    Price cash;      // CASH_DIVIDEND: per share, before tax
    /// New shares, in millionths, for `per` held: in place of them (SPLIT, MERGER) or beside them. RIGHTS:
    /// for `per` rights.
    std::int64_t ratio = 0;
    std::int64_t per = 1;
    Price fractionPrice; // of a whole share, for fractions of new shares; 0: they lapse
    bool fromTreasury = false;
    std::string description;

    // RIGHTS
    Price issuePrice;                        // of a new share
    std::int64_t rightsPerShare = 1'000'000; // in millionths
    Date subscriptionFrom;                   // not given when announced: the record date
    Date subscriptionTo;                     // the last day
    Date transferTo; // the last day on which rights change hands; not given: subscriptionTo

    InstrumentIndex into = noInstrument; // MERGER
    Exchange to = Exchange::HOSE;        // TRANSFER

    /// Free shares, which are taxed as income when they are sold.
    bool givesShares() const
    {
        return type == CorporateActionType::StockDividend || type == CorporateActionType::Bonus;
    }
    bool isRights() const { return type == CorporateActionType::Rights; }
    /// One quantity of shares becomes another on the ex-date.
    bool converts() const
    {
        return type == CorporateActionType::Split || type == CorporateActionType::Merger;
    }
    bool atOnce() const { return converts() || type == CorporateActionType::Transfer; }
    bool hasRatio() const { return givesShares() || isRights() || converts(); }

    /// What so many shares, or rights, give in whole shares; nothing past 63 bits.
    std::optional<Quantity> sharesFor(Quantity held) const;
    /// The fraction of a share that is left over then, at the price for fractions.
    Price fractionOf(Quantity held) const;
    /// The rights that so many new shares take, rounded up; nothing past 63 bits.
    std::optional<Quantity> rightsFor(Quantity newShares) const;
};

/// What a holder has of an action until it is paid.
struct CorporateEntitlement {
    AccountNo account = 0;
    Quantity quantity; // of shares held at the turn to the ex-date

    // RIGHTS
    Quantity rights;     // of its own, less those sold
    Quantity bought;     // from others: for subscribing, not to be sold again
    Quantity sold;       // rights
    Quantity subscribed; // new shares
    Money held;          // what they cost, until they are listed
    AccountNo offeredTo = 0;
    Quantity offered; // rights
    Price offerPrice; // of one
};
using CorporateEntitlements = std::vector<CorporateEntitlement>; // ascending by account

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
    std::size_t skipped =
        0;           // payments left out because the account would have more than there can be
    Quantity rights; // handed out
    Quantity lapsed; // rights that nobody used
    Money raised;    // paid to the issuer for new shares
    /// At the turn to the ex-date: the close before it and the reference that all actions of that day made of
    /// it. Prices before it compare with those after it by their ratio. 0 before.
    Price close, reference;
    Time createdAt;
    Time updatedAt;
    /// For readers, until it is paid: what everybody has of it; null when nobody has.
    std::shared_ptr<const CorporateEntitlements> entitlements;
};
using CorporateActionList = std::vector<CorporateAction>; // ascending by number

/// Of totals that are only shown: what does not fit stays at the most.
template <class Amount>
Amount shownSum(Amount a, Amount b)
{
    return Amount(checkedAdd(a.raw(), b.raw()).value_or(std::numeric_limits<std::int64_t>::max()));
}

/// How many there may be, finished ones included.
inline constexpr std::size_t mostCorporateActions = 20'000;

class CorporateActions
{
public:
    struct Entry {
        CorporateAction action;             // without what is there for readers
        CorporateEntitlements entitlements; // until it is paid
        mutable std::shared_ptr<const CorporateEntitlements> shown; // null: to be made

        CorporateEntitlement *find(AccountNo account);
        CorporateEntitlement &of(AccountNo account); // a new one where there is none
    };
    using Entries = std::map<OrderNo, Entry>;

    std::size_t size() const { return m_entries.size(); }
    Entry *find(const Uuid &id);
    void add(CorporateAction action);
    /// Every entry, to be changed; call changed() with it afterwards.
    Entries &entries() { return m_entries; }
    const Entries &entries() const { return m_entries; }
    void changed(Entry &entry)
    {
        entry.shown.reset();
        m_shared.reset();
    }
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
/// As journals had them first: without what rights, splits, mergers, transfers and `per` need.
bool areSimple(const CorporateTerms &terms);
void encodeSimpleTerms(ByteWriter &out, const CorporateTerms &terms);
CorporateTerms decodeSimpleTerms(ByteReader &in);

} // namespace khop
