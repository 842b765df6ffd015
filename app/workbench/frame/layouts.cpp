// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/frame/layouts.h"

#include "app/workbench/settings/settings.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

namespace bitloom::workbench {

namespace {
const QString kFormat = QStringLiteral("bitloom layout");
constexpr double kRightShare = 0.38; // of the width; the table in the centre gets the rest
constexpr double kColumnShare = 0.3; // the same of each of two columns
constexpr double kBottomShare = 0.22;
} // namespace

Layouts::Layouts(QMainWindow& window, Settings& settings)
    : QObject(&window), m_window(window), m_settings(settings)
{
}

void Layouts::addDock(PanelDock* dock, Qt::DockWidgetArea area)
{
    m_places.push_back({dock, area});
    m_window.addDockWidget(area, dock);
}

QStringList Layouts::names() const
{
    return m_settings.data().layouts.keys();
}

void Layouts::saveAs(const QString& name)
{
    m_settings.update([&](SettingsData& data) { data.layouts.insert(name, state()); });
    Q_EMIT namesChanged();
}

bool Layouts::apply(const QString& name)
{
    const auto found = m_settings.data().layouts.constFind(name);
    return found != m_settings.data().layouts.constEnd() && restore(*found);
}

void Layouts::remove(const QString& name)
{
    m_settings.update([&](SettingsData& data) { data.layouts.remove(name); });
    Q_EMIT namesChanged();
}

QByteArray Layouts::state() const
{
    return m_whileHidden ? *m_whileHidden : m_window.saveState(kStateVersion);
}

bool Layouts::restore(const QByteArray& state)
{
    const bool hidden = m_whileHidden.has_value();
    if (!m_window.restoreState(state, kStateVersion)) {
        return false;
    }
    m_whileHidden.reset();
    setAllHidden(hidden);
    return true;
}

void Layouts::setAllHidden(bool hidden)
{
    if (hidden == m_whileHidden.has_value()) {
        return;
    }
    if (hidden) {
        m_whileHidden = m_window.saveState(kStateVersion);
        for (const Place& place : m_places) {
            place.dock->hide();
        }
    } else {
        m_window.restoreState(*m_whileHidden, kStateVersion);
        m_whileHidden.reset();
    }
}

QList<QDockWidget*> Layouts::arrange(Qt::DockWidgetArea area, bool oneStack, Qt::Orientation across)
{
    // First the neighbours, then the tabs: Qt does not split beside a dock that has tabs already,
    // it makes one more tab of the new one.
    QHash<QString, PanelDock*> firstOfGroup;
    PanelDock* previousGroup = nullptr;
    QList<QDockWidget*> stacks;
    const auto groupOf = [oneStack](const Place& place) {
        return oneStack ? QString() : place.dock->tabGroup();
    };
    for (const Place& place : m_places) {
        if (place.area != area || firstOfGroup.contains(groupOf(place))) {
            continue;
        }
        if (previousGroup != nullptr) {
            m_window.splitDockWidget(previousGroup, place.dock, across);
        } else {
            m_window.addDockWidget(area, place.dock);
        }
        firstOfGroup.insert(groupOf(place), place.dock);
        stacks << place.dock;
        previousGroup = place.dock;
    }
    for (const Place& place : m_places) {
        PanelDock* first = place.area == area ? firstOfGroup.value(groupOf(place)) : nullptr;
        if (first != nullptr && first != place.dock) {
            m_window.tabifyDockWidget(first, place.dock);
        }
    }
    for (QDockWidget* first : std::as_const(stacks)) {
        first->raise();
    }
    return stacks;
}

void Layouts::reset(const QSize& size)
{
    const bool hidden = m_whileHidden.has_value();
    m_whileHidden.reset();
    const bool compact = size.height() < kCompactHeight;
    QHash<const PanelDock*, bool> isWanted;
    for (const Place& place : m_places) {
        const bool isBottom = place.area == Qt::BottomDockWidgetArea;
        isWanted[place.dock] =
            place.dock->isOnDemand() ? !place.dock->isHidden() : !(compact && isBottom);
        m_window.removeDockWidget(place.dock);
    }
    QList<QDockWidget*> bottom;
    for (const Place& place : m_places) {
        m_window.addDockWidget(place.area, place.dock);
        const bool isBottom = place.area == Qt::BottomDockWidgetArea;
        place.dock->setVisible(isWanted[place.dock]);
        if (isBottom) {
            bottom << place.dock;
        }
    }
    const bool wide = size.width() >= kWideWidth;
    const QList<QDockWidget*> stacks =
        arrange(Qt::RightDockWidgetArea, compact && !wide, wide ? Qt::Horizontal : Qt::Vertical);
    arrange(Qt::LeftDockWidgetArea, compact, Qt::Vertical);
    arrange(Qt::BottomDockWidgetArea, false, Qt::Horizontal);
    if (wide) {
        const int width = static_cast<int>(size.width() * kColumnShare);
        m_window.resizeDocks(stacks, QList<int>(stacks.size(), width), Qt::Horizontal);
    } else if (!stacks.isEmpty()) {
        m_window.resizeDocks({stacks.front()}, {static_cast<int>(size.width() * kRightShare)},
                             Qt::Horizontal);
    }
    if (!bottom.isEmpty() && !compact) {
        m_window.resizeDocks({bottom.front()}, {static_cast<int>(size.height() * kBottomShare)},
                             Qt::Vertical);
    }
    setAllHidden(hidden);
}

QByteArray Layouts::exported(const QString& name) const
{
    const auto found = m_settings.data().layouts.constFind(name);
    if (found == m_settings.data().layouts.constEnd()) {
        return {};
    }
    return QJsonDocument(
               QJsonObject{{QStringLiteral("format"), kFormat},
                           {QStringLiteral("version"), kStateVersion},
                           {QStringLiteral("name"), name},
                           {QStringLiteral("state"), QString::fromLatin1(found->toBase64())}})
        .toJson();
}

QString Layouts::import(const QByteArray& file, QString* reason)
{
    const QJsonObject object = QJsonDocument::fromJson(file).object();
    if (object.value(QLatin1String("format")).toString() != kFormat) {
        *reason = tr("The file holds no layout.");
        return {};
    }
    if (object.value(QLatin1String("version")).toInt() != kStateVersion) {
        *reason = tr("The layout belongs to another version of the program.");
        return {};
    }
    QString name = object.value(QLatin1String("name")).toString().trimmed();
    const QByteArray state =
        QByteArray::fromBase64(object.value(QLatin1String("state")).toString().toLatin1());
    if (name.isEmpty() || state.isEmpty()) {
        *reason = tr("The layout in the file is not complete.");
        return {};
    }
    m_settings.update([&](SettingsData& data) {
        if (data.layouts.contains(name) && data.layouts.value(name) != state) {
            name = tr("%1 (imported)").arg(name);
        }
        data.layouts.insert(name, state);
    });
    Q_EMIT namesChanged();
    return name;
}

} // namespace bitloom::workbench
