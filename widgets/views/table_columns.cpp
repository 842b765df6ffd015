// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/table_columns.h"

#include "widgets/models/roles.h"

#include <QAction>
#include <QHash>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMenu>
#include <QSet>
#include <QTreeView>

#include <algorithm>

namespace bitloom::ui {

namespace {
constexpr int kVersion = 1;
constexpr int kWidest = 4000;

constexpr const char* kYielded = "yieldedColumns";

QString keyOf(const QTreeView& view, int column)
{
    return view.model()->headerData(column, Qt::Horizontal, KeyRole).toString();
}
} // namespace

QByteArray savedColumns(const QTreeView& view, bool withWidths)
{
    QJsonArray columns;
    for (int place = 0; place < view.header()->count(); ++place) {
        const int column = view.header()->logicalIndex(place);
        const bool hidden = view.isColumnHidden(column);
        QJsonObject entry{{QStringLiteral("key"), keyOf(view, column)},
                          {QStringLiteral("visible"), !hidden}};
        if (withWidths && !hidden) { // a hidden column has no width
            entry.insert(QStringLiteral("width"), view.columnWidth(column));
        }
        columns.append(entry);
    }
    QJsonObject root{{QStringLiteral("version"), kVersion}, {QStringLiteral("columns"), columns}};
    const int sorted = view.isSortingEnabled() ? view.header()->sortIndicatorSection() : -1;
    if (sorted >= 0 && sorted < view.header()->count()) {
        root.insert(QStringLiteral("sort"), keyOf(view, sorted));
        root.insert(QStringLiteral("descending"),
                    view.header()->sortIndicatorOrder() == Qt::DescendingOrder);
    }
    return QJsonDocument(root).toJson(QJsonDocument::Compact);
}

bool restoreColumns(QTreeView& view, const QByteArray& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    const QJsonObject root = document.object();
    const int version = root.value(QStringLiteral("version")).toInt();
    if (!document.isObject() || version < 1 || version > kVersion ||
        !root.value(QStringLiteral("columns")).isArray()) {
        return false;
    }
    QHash<QString, int> byKey;
    for (int column = 0; column < view.header()->count(); ++column) {
        byKey.insert(keyOf(view, column), column);
    }
    int place = 0;
    const QJsonArray columns = root.value(QStringLiteral("columns")).toArray();
    for (const QJsonValue value : columns) {
        const QJsonObject entry = value.toObject();
        const auto column = byKey.constFind(entry.value(QStringLiteral("key")).toString());
        if (column == byKey.constEnd()) {
            continue;
        }
        view.header()->moveSection(view.header()->visualIndex(*column), place++);
        const bool visible = entry.value(QStringLiteral("visible")).toBool(true) || *column == 0;
        const int width = entry.value(QStringLiteral("width")).toInt();
        view.setColumnHidden(*column, !visible);
        if (visible && width > 0) {
            view.setColumnWidth(*column, std::min(width, kWidest));
        }
    }
    if (view.isSortingEnabled()) {
        const int sorted = byKey.value(root.value(QStringLiteral("sort")).toString(), -1);
        view.sortByColumn(sorted, root.value(QStringLiteral("descending")).toBool()
                                      ? Qt::DescendingOrder
                                      : Qt::AscendingOrder);
    }
    return true;
}

void setYielded(QTreeView& view, int column, bool yielded)
{
    auto columns = view.property(kYielded).value<QSet<int>>();
    if (yielded) {
        columns.insert(column);
    } else {
        columns.remove(column);
    }
    view.setProperty(kYielded, QVariant::fromValue(columns));
    view.setColumnHidden(column, yielded);
}

bool hasYielded(const QTreeView& view, int column)
{
    return view.property(kYielded).value<QSet<int>>().contains(column);
}

void fillColumnMenu(QMenu& menu, QTreeView& view)
{
    for (int place = 0; place < view.header()->count(); ++place) {
        const int column = view.header()->logicalIndex(place);
        if (column == 0) {
            continue;
        }
        QString title = view.model()->headerData(column, Qt::Horizontal).toString();
        QAction* action = menu.addAction(title.replace(u'\n', QStringLiteral(", ")));
        action->setCheckable(true);
        action->setChecked(!view.isColumnHidden(column));
        QObject::connect(action, &QAction::toggled, &view, [&view, column](bool visible) {
            view.setColumnHidden(column, !visible);
            if (visible && view.columnWidth(column) == 0) {
                view.resizeColumnToContents(column);
            }
        });
    }
}

} // namespace bitloom::ui
