// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/models/layer_scopes.h"

#include <QHash>

namespace bitloom::ui {

namespace {
/// Names come from files: what lies deeper stays one label.
constexpr int kMaxLevels = 64;

class Builder {
public:
    Builder() { m_nodes.emplace_back(); }

    void addLayer(const LayerRow& row, int layer, bool flat)
    {
        const int parent = flat ? 0 : scope(row.scope);
        const bool inside = parent != 0 && row.name.size() > row.scope.size() + 1;
        const int node =
            addNode(parent, row.name, inside ? row.name.mid(row.scope.size() + 1) : row.name);
        m_nodes[static_cast<std::size_t>(node)].layer = layer;
    }

    std::vector<ScopeNode> joined() const
    {
        struct Step {
            int from;
            int to;
        };
        std::vector<ScopeNode> result(1);
        std::vector<Step> waiting{{0, 0}};
        while (!waiting.empty()) {
            const Step step = waiting.back();
            waiting.pop_back();
            for (const int child : at(step.from).children) {
                const int node = static_cast<int>(result.size());
                const int last = copyJoined(child, step.to, result);
                waiting.push_back({last, node});
            }
        }
        return result;
    }

private:
    int addNode(int parent, const QString& path, const QString& label)
    {
        const int node = static_cast<int>(m_nodes.size());
        ScopeNode entry;
        entry.path = path;
        entry.label = label;
        entry.parent = parent;
        m_nodes.push_back(std::move(entry));
        m_nodes[static_cast<std::size_t>(parent)].children.push_back(node);
        return node;
    }

    int scope(const QString& path)
    {
        if (path.isEmpty()) {
            return 0;
        }
        if (const auto it = m_scopes.constFind(path); it != m_scopes.constEnd()) {
            return *it;
        }
        int parent = 0;
        qsizetype end = -1;
        int level = 0;
        do {
            end = ++level < kMaxLevels ? path.indexOf(u'.', end + 1) : -1;
            const QString part = end < 0 ? path : path.left(end);
            const auto it = m_scopes.constFind(part);
            if (it != m_scopes.constEnd()) {
                parent = *it;
                continue;
            }
            const QString above = m_nodes[static_cast<std::size_t>(parent)].path;
            parent = addNode(parent, part, parent == 0 ? part : part.mid(above.size() + 1));
            m_scopes.insert(part, parent);
        } while (end >= 0);
        return parent;
    }

    const ScopeNode& at(int node) const { return m_nodes[static_cast<std::size_t>(node)]; }

    /// Appends one node for a child and what is joined with it; returns the last of those.
    int copyJoined(int child, int parent, std::vector<ScopeNode>& result) const
    {
        ScopeNode entry;
        entry.label = at(child).label;
        while (at(child).children.size() == 1) {
            child = at(child).children.front();
            entry.label += u'.' + at(child).label;
        }
        entry.path = at(child).path;
        entry.layer = at(child).layer;
        entry.parent = parent;
        auto& siblings = result[static_cast<std::size_t>(parent)].children;
        entry.row = static_cast<int>(siblings.size());
        siblings.push_back(static_cast<int>(result.size()));
        result.push_back(std::move(entry));
        return child;
    }

    std::vector<ScopeNode> m_nodes;
    QHash<QString, int> m_scopes;
};
} // namespace

std::vector<ScopeNode> scopeTree(const LayerRows& rows, bool flat)
{
    Builder builder;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        builder.addLayer(rows[i], static_cast<int>(i), flat);
    }
    return builder.joined();
}

} // namespace bitloom::ui
