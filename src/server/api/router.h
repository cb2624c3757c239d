// SPDX-License-Identifier: GPL-3.0-or-later
// Paths to routes: one hash look-up for a fixed path, one per segment for a path with parameters.
// Every route answers under /api/v1 and at the root, with or without a trailing slash.
#pragma once

#include "server/http/request.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace khop::server {

struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept
    {
        return std::hash<std::string_view>{}(text);
    }
};
template <class Value>
using StringMap = std::unordered_map<std::string, Value, StringHash, std::equal_to<>>;

/// Percent-decoded; nothing when an escape is malformed. `plusIsSpace` as in query strings.
std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace);

template <class Route>
class Router
{
public:
    using Methods = std::array<std::optional<Route>, methodCount>;

    struct Match {
        const Methods *methods = nullptr;
        std::vector<std::string> parameters; // decoded, in order
    };

    /// `pattern` like "/orders/{id}/cancel".
    void add(Method method, std::string_view pattern, Route route)
    {
        Node *node = &m_root;
        bool fixed = true;
        for (const std::string_view segment : segments(pattern)) {
            if (segment.front() == '{') {
                fixed = false;
                if (!node->parameter)
                    node->parameter = std::make_unique<Node>();
                node = node->parameter.get();
            } else {
                std::unique_ptr<Node> &child = node->children[std::string(segment)];
                if (!child)
                    child = std::make_unique<Node>();
                node = child.get();
            }
        }
        if (!node->methods)
            node->methods = std::make_unique<Methods>();
        (*node->methods)[static_cast<std::size_t>(method)] = std::move(route);
        if (fixed)
            m_fixed[std::string(pattern)] = node->methods.get();
    }

    Match find(std::string_view path) const
    {
        constexpr std::string_view prefix = "/api/v1";
        if (path.starts_with(prefix)
            && (path.size() == prefix.size() || path[prefix.size()] == '/'))
            path.remove_prefix(prefix.size());
        if (path.size() > 1 && path.back() == '/')
            path.remove_suffix(1);
        if (path.size() > 1 && path.back() == '/') // the id before it is missing
            return {};
        if (const auto fixed = m_fixed.find(path); fixed != m_fixed.end())
            return {fixed->second, {}};

        Match match;
        const Node *node = &m_root;
        for (const std::string_view segment : segments(path)) {
            const auto child = node->children.find(segment);
            if (child != node->children.end()) {
                node = child->second.get();
                continue;
            }
            if (!node->parameter || segment.empty())
                return {};
            std::optional<std::string> decoded = percentDecoded(segment, false);
            if (!decoded)
                return {};
            match.parameters.push_back(std::move(*decoded));
            node = node->parameter.get();
        }
        match.methods = node->methods.get();
        return match;
    }

private:
    struct Node {
        StringMap<std::unique_ptr<Node>> children;
        std::unique_ptr<Node> parameter;
        std::unique_ptr<Methods> methods;
    };

    static std::vector<std::string_view> segments(std::string_view path)
    {
        std::vector<std::string_view> parts;
        if (path.starts_with('/'))
            path.remove_prefix(1);
        while (!path.empty()) {
            const std::size_t slash = path.find('/');
            parts.push_back(path.substr(0, slash));
            if (slash == std::string_view::npos)
                break;
            path.remove_prefix(slash + 1);
        }
        return parts;
    }

    Node m_root;
    StringMap<const Methods *> m_fixed;
};

} // namespace khop::server
