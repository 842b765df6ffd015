// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>
#include <vector>

namespace bitloom::workbench {

/// A share of a file: what is stored with how many bits.
struct ByteShare {
    enum class Kind { Bits, Scales, Raw };
    Kind kind = Kind::Bits;
    int bits = 32; ///< of Kind::Bits
    QString name;  ///< "4 bits, 12 layers"
    std::int64_t bytes = 0;
    bool operator==(const ByteShare&) const = default;
};

/// What a file consists of, as one bar with its legend below; shares that are too small to be seen
/// are still in the legend.
class ByteBar final : public QWidget {
    Q_OBJECT
public:
    explicit ByteBar(QWidget* parent = nullptr);

    void setShares(const std::vector<ByteShare>& shares);
    const std::vector<ByteShare>& shares() const { return m_shares; }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    struct Entry {
        QRect place;
        QString text;
    };
    /// Where the legend's entries stand in a width.
    std::vector<Entry> legend(int width) const;
    QColor colourOf(const ByteShare& share) const;

    std::vector<ByteShare> m_shares;
};

} // namespace bitloom::workbench
