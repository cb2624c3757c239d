// SPDX-License-Identifier: GPL-3.0-or-later
// The project's own containers against the standard library's over random operations.
#include <QTest>

#include "base/few_map.h"
#include "base/hash_table.h"
#include "base/indexed_map.h"
#include "base/mix.h"
#include "base/stable_array.h"
#include "engine/day_rows.h"

#include <QObject>

#include <algorithm>
#include <map>
#include <vector>

using namespace khop;

namespace {

/// Bad on purpose: many keys share a part and a place.
struct PoorHash {
    std::size_t operator()(std::uint32_t key) const noexcept { return key % 7; }
};

} // namespace

class ContainersTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aHashTableIsAMap();
    void aHashTableStandsPoorHashes();
    void aMapOfFewIsAMap();
    void anIndexedMapIsAMap();
    void aStableArrayKeepsItsPlaces();
    void aRowIsFoundByItsNumberWhateverIsMissing();
};

template <class Hash>
void compareWithMap(std::uint64_t seed, std::uint32_t keys)
{
    HashTable<std::uint32_t, std::uint64_t, Hash> table;
    std::map<std::uint32_t, std::uint64_t> model;
    SplitMix random(seed);
    for (int i = 0; i < 200'000; ++i) {
        const auto key = static_cast<std::uint32_t>(random.below(keys));
        switch (random.below(3)) {
        case 0: {
            const std::uint64_t value = random.next();
            QCOMPARE(table.insert(key, value), model.insert_or_assign(key, value).second);
            break;
        }
        case 1: QCOMPARE(table.erase(key), model.erase(key) == 1); break;
        default: {
            const std::uint64_t *found = table.find(key);
            const auto expected = model.find(key);
            QCOMPARE(found != nullptr, expected != model.end());
            if (found)
                QCOMPARE(*found, expected->second);
        }
        }
        QCOMPARE(table.size(), model.size());
    }
    std::map<std::uint32_t, std::uint64_t> walked;
    table.forEach([&](std::uint32_t key, std::uint64_t value) { walked.emplace(key, value); });
    QVERIFY(walked == model);
    table.clear();
    QVERIFY(table.empty() && !table.contains(model.empty() ? 0 : model.begin()->first));
    table.reserve(100'000);
    QVERIFY(table.insert(1, 1) && table.contains(1));
}

void ContainersTest::aHashTableIsAMap() { compareWithMap<std::hash<std::uint32_t>>(1, 3'000); }

void ContainersTest::aHashTableStandsPoorHashes() { compareWithMap<PoorHash>(2, 60); }

template <class Map>
void compareSorted(Map &map, std::uint32_t keys)
{
    std::map<std::uint32_t, std::uint64_t> model;
    SplitMix random(3);
    for (int i = 0; i < 20'000; ++i) {
        const auto key = static_cast<std::uint32_t>(random.below(keys));
        switch (random.below(3)) {
        case 0: map[key] = model[key] = random.next(); break;
        case 1:
            if constexpr (requires { map.erase(key); }) {
                map.erase(key);
                model.erase(key);
            }
            break;
        default: {
            const std::uint64_t *found = std::as_const(map).find(key);
            QCOMPARE(found != nullptr, model.contains(key));
            if (found)
                QCOMPARE(*found, model[key]);
        }
        }
        QCOMPARE(map.size(), model.size());
        QCOMPARE(map.empty(), model.empty());
    }
    auto expected = model.begin();
    for (auto &&[key, value] : map) {
        QCOMPARE(key, expected->first);
        QCOMPARE(value, expected->second);
        ++expected;
    }
    QVERIFY(expected == model.end());
}

void ContainersTest::aMapOfFewIsAMap()
{
    FewMap<std::uint32_t, std::uint64_t> map;
    compareSorted(map, 4);
    const FewMap<std::uint32_t, std::uint64_t> copy = map;
    map[9] = 1;
    QVERIFY(!copy.find(9));
    QCOMPARE(copy.size() + 1, map.size());
}

void ContainersTest::anIndexedMapIsAMap()
{
    IndexedMap<std::uint64_t> map;
    compareSorted(map, 3'000);
}

void ContainersTest::aStableArrayKeepsItsPlaces()
{
    StableArray<std::uint64_t> array;
    std::vector<const std::uint64_t *> places;
    for (std::uint64_t i = 0; i < 50'000; ++i) {
        array.grow();
        array[i] = i * i;
        places.push_back(&array[i]);
    }
    QCOMPARE(array.size(), places.size());
    for (std::uint64_t i = 0; i < places.size(); ++i) {
        QCOMPARE(&array[i], places[i]);
        QCOMPARE(*places[i], i * i);
    }
    array.grow(60'000);
    QCOMPARE(array[59'999], 0U);
    array.clear();
    QCOMPARE(array.size(), 0U);
}

void ContainersTest::aRowIsFoundByItsNumberWhateverIsMissing()
{
    struct Row {
        std::uint64_t no = 0;
    };
    SplitMix random(1);
    for (int round = 0; round < 300; ++round) {
        RowArray<Row> rows;
        std::vector<std::uint64_t> numbers;
        std::uint64_t no = random.below(50);
        for (std::uint64_t k = random.below(600); k-- > 0;) {
            no += random.below(20) == 0 ? 1 + random.below(1'000) : 1;
            rows.push_back({no});
            numbers.push_back(no);
        }
        for (std::uint64_t wanted = 0; wanted <= no + 2; ++wanted)
            QCOMPARE(placeOf(rows, wanted),
                     static_cast<std::size_t>(std::ranges::lower_bound(numbers, wanted)
                                              - numbers.begin()));
    }
}

QTEST_APPLESS_MAIN(ContainersTest)
#include "tst_containers.moc"
