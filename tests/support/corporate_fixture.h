// SPDX-License-Identifier: GPL-3.0-or-later
// An engine with a few shares, and corporate actions as a test writes them.
#pragma once

#include "engine_fixture.h"

namespace khop::test {

inline Date day(std::string_view text) { return *parseIsoDate(text); }

struct CorporateFixture : EngineFixture {
    static constexpr auto listed = "symbol,exchange,name,ref,kind,underlying,ratio\n"
                                   "SSI,HOSE,S,31000,SHARE,,\n"
                                   "HHH,HNX,H,17000,SHARE,,\n"
                                   "BTC,SPOT,B,90000.00,CRYPTO,,\n"
                                   "CWS,HOSE,C,1000,CW,SSI,10\n"
                                   "LOW,HOSE,L,8000,SHARE,,\n";

    CorporateFixture() : EngineFixture("2026-11-20 09:30", listed) {}

    CorporateTerms dividend(std::int64_t perShare) const
    {
        CorporateTerms terms;
        terms.instrument = symbol("SSI");
        terms.cash = Price(perShare);
        terms.exDate = day("2026-11-30");
        terms.payDate = day("2026-12-10");
        return terms;
    }
    CorporateTerms bonus(std::int64_t ratio, std::int64_t per = 1) const
    {
        CorporateTerms terms = dividend(0);
        terms.type = CorporateActionType::Bonus;
        terms.ratio = ratio;
        terms.per = per;
        return terms;
    }
    /// One new share for four at 10,000; from the record date to 14 December, rights change hands to the 8th.
    CorporateTerms rights() const
    {
        CorporateTerms terms = bonus(1'000'000, 4);
        terms.type = CorporateActionType::Rights;
        terms.issuePrice = Price(10'000);
        terms.subscriptionTo = day("2026-12-14");
        terms.transferTo = day("2026-12-08");
        terms.payDate = day("2026-12-28");
        return terms;
    }
    CorporateTerms split(std::int64_t shares, std::int64_t per) const
    {
        CorporateTerms terms = bonus(shares * 1'000'000, per);
        terms.type = CorporateActionType::Split;
        terms.payDate = {};
        return terms;
    }
    CorporateTerms merger(std::string_view from, std::string_view into, std::int64_t shares,
                          std::int64_t per) const
    {
        CorporateTerms terms = split(shares, per);
        terms.type = CorporateActionType::Merger;
        terms.instrument = symbol(from);
        terms.into = symbol(into);
        return terms;
    }
    CorporateTerms transfer(std::string_view name, Exchange to) const
    {
        CorporateTerms terms = split(0, 1);
        terms.type = CorporateActionType::Transfer;
        terms.instrument = symbol(name);
        terms.to = to;
        return terms;
    }
    CommandResult announce(const CorporateTerms &terms)
    {
        return send(AnnounceCorporateAction{newId(), terms});
    }
    /// As it is now.
    const CorporateAction &action(const CommandResult &announced) const
    {
        return entry(announced).action;
    }
    const CorporateActions::Entry &entry(const CommandResult &announced) const
    {
        for (const auto &[no, one] : engine.corporateActions().entries()) {
            if (one.action.id == announced.corporateAction->id)
                return one;
        }
        qFatal("no such action");
    }
    CorporateEntitlement own(const CommandResult &announced, AccountNo account) const
    {
        for (const CorporateEntitlement &one : entry(announced).entitlements) {
            if (one.account == account)
                return one;
        }
        return {};
    }
    AccountNo trader(std::int64_t cash)
    {
        const AccountNo no = bareAccount();
        send(EndowCash{no, "VND", Money(cash)});
        return no;
    }
    AccountNo holder(std::string_view name, std::int64_t quantity, std::int64_t cash = 0)
    {
        const AccountNo no = bareAccount();
        if (cash > 0)
            send(EndowCash{no, "VND", Money(cash)});
        send(EndowSecurities{no, symbol(name), Quantity(quantity), Price(20'000)});
        return no;
    }
    CommandResult elect(AccountNo account, const CommandResult &announced,
                        ElectRights::Choice choice, std::int64_t quantity, std::int64_t price = 0,
                        AccountNo other = 0)
    {
        return send(ElectRights{account, announced.corporateAction->id, choice, Quantity(quantity),
                                Price(price), other});
    }
    CommandResult subscribe(AccountNo account, const CommandResult &announced, std::int64_t shares)
    {
        return elect(account, announced, ElectRights::Choice::Subscribe, shares);
    }
    /// To a moment, through an engine that was restored on the way: both must agree.
    void toRestored(std::string_view moment)
    {
        Engine restored;
        QVERIFY(restored.restore(engine.snapshot()));
        to(moment);
        CommittedGroup ignored;
        restored.apply({now, Tick{}}, ignored);
        QCOMPARE(restored.stateHash(), engine.stateHash());
        QCOMPARE(restored.snapshot(), engine.snapshot());
    }
};

} // namespace khop::test
