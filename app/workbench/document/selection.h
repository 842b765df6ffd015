// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

namespace bitloom::workbench {

/// The layers that the user works on: one selection for tree, heat map, histogram and tables.
/// GUI thread only.
class Selection final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// In the order in which they were selected; the last one is the current one.
    const QStringList& layers() const { return m_layers; }
    QString currentLayer() const { return m_layers.isEmpty() ? QString() : m_layers.back(); }

    /// Does nothing if nothing changes, so views may answer changed() by setting what they show.
    void setLayers(const QStringList& layers);
    void clear() { setLayers({}); }

Q_SIGNALS:
    void changed();

private:
    QStringList m_layers;
};

} // namespace bitloom::workbench
