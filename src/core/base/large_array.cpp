// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/large_array.h"

#include <array>
#include <bit>
#include <cstdlib>
#include <mutex>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace khop {

namespace {

// The address sanitizer sees nothing inside memory that is handed out again by us.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
constexpr bool hugePages = true;
#else
constexpr bool hugePages = false;
#endif

constexpr std::size_t hugePage = std::size_t{2} << 20;

void *takePages(std::size_t bytes)
{
#ifdef __linux__
    void *const room = std::aligned_alloc(hugePage, bytes);
    if (!room)
        throw std::bad_alloc();
    (void)madvise(room, bytes, MADV_HUGEPAGE); // advice: no harm where it is not taken
    return room;
#else
    return ::operator new(bytes);
#endif
}

std::size_t wholePages(std::size_t bytes) { return (bytes + hugePage - 1) / hugePage * hugePage; }

/// Parts of huge pages, a power of two in size. What was given back waits for the next to ask; the pages
/// themselves stay.
class Parts
{
public:
    void *take(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        return takePart(std::bit_ceil(bytes));
    }
    void give(void *room, std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        listOf(std::bit_ceil(bytes)).push_back(room);
    }

private:
    std::vector<void *> &listOf(std::size_t size)
    {
        return m_free[static_cast<std::size_t>(std::countr_zero(size / largeMemory))];
    }
    void *takePart(std::size_t size)
    {
        if (size == hugePage)
            return takePages(size);
        std::vector<void *> &free = listOf(size);
        if (free.empty()) {
            auto *const twice = static_cast<std::byte *>(takePart(size * 2));
            free.push_back(twice + size);
            return twice;
        }
        void *const room = free.back();
        free.pop_back();
        return room;
    }

    static constexpr std::size_t sizes = std::countr_zero(hugePage / largeMemory);
    std::mutex m_mutex;
    std::array<std::vector<void *>, sizes> m_free;
};

Parts &parts()
{
    static auto *const parts =
        new Parts; // NOLINT(cppcoreguidelines-owning-memory): outlives statics
    return *parts;
}

bool isWhole(std::size_t bytes) { return std::bit_ceil(bytes) >= hugePage; }

} // namespace

void *takeLargeMemory(std::size_t bytes)
{
    if constexpr (!hugePages)
        return ::operator new(bytes, std::align_val_t{64});
    return isWhole(bytes) ? takePages(wholePages(bytes)) : parts().take(bytes);
}

void giveLargeMemory(void *room, std::size_t bytes)
{
    if constexpr (!hugePages)
        ::operator delete(room, std::align_val_t{64});
    else if (isWhole(bytes))
        std::free(room);
    else
        parts().give(room, bytes);
}

} // namespace khop
