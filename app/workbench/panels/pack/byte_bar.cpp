// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/panels/pack/byte_bar.h"

#include "widgets/util/formatting.h"
#include "widgets/util/spacing.h"
#include "widgets/util/theme.h"

#include <QPainter>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr int kBarHeight = 16;
constexpr int kSwatch = 10;
} // namespace

ByteBar::ByteBar(QWidget* parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Parts of the file"));
}

void ByteBar::setShares(const std::vector<ByteShare>& shares)
{
    if (shares == m_shares) {
        return;
    }
    m_shares = shares;
    QStringList parts;
    for (const ByteShare& share : m_shares) {
        parts << QStringLiteral("%1: %2").arg(share.name, ui::formatBytes(share.bytes));
    }
    setAccessibleDescription(parts.join(QStringLiteral("; ")));
    setToolTip(parts.join(u'\n'));
    updateGeometry();
    update();
}

QColor ByteBar::colourOf(const ByteShare& share) const
{
    const ui::Theme theme(palette());
    switch (share.kind) {
    case ByteShare::Kind::Bits:
        return ui::Theme::bits(share.bits);
    case ByteShare::Kind::Scales:
        return theme.activations();
    case ByteShare::Kind::Raw:
        break;
    }
    return theme.neutral();
}

std::vector<ByteBar::Entry> ByteBar::legend(int width) const
{
    std::vector<Entry> entries;
    const QFontMetrics metrics = fontMetrics();
    const int line = metrics.height() + 4;
    int x = 0;
    int y = kBarHeight + ui::kGap;
    for (const ByteShare& share : m_shares) {
        const QString text = QStringLiteral("%1  %2").arg(share.name, ui::formatBytes(share.bytes));
        const int wide = kSwatch + 6 + metrics.horizontalAdvance(text);
        if (x > 0 && x + wide > width) {
            x = 0;
            y += line;
        }
        entries.push_back({QRect(x, y, wide, line), text});
        x += wide + 2 * ui::kGap;
    }
    return entries;
}

int ByteBar::heightForWidth(int width) const
{
    const auto entries = legend(width);
    return entries.empty() ? kBarHeight : entries.back().place.bottom() + 1;
}

QSize ByteBar::sizeHint() const
{
    return {240, heightForWidth(width() > 0 ? width() : 240)};
}

void ByteBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    std::int64_t total = 0;
    for (const ByteShare& share : m_shares) {
        total += share.bytes;
    }
    const ui::Theme theme(palette());
    double x = 0;
    for (const ByteShare& share : m_shares) {
        const double wide = total == 0 ? 0 : double(width()) * double(share.bytes) / double(total);
        // A gap of one pixel tells neighbours of similar colour apart.
        painter.fillRect(QRectF(x, 0, std::max(0.0, wide - 1), kBarHeight), colourOf(share));
        x += wide;
    }
    const auto entries = legend(width());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const QRect& place = entries[i].place;
        const QRect swatch(place.left(), place.center().y() - kSwatch / 2 + 1, kSwatch, kSwatch);
        painter.fillRect(swatch, colourOf(m_shares[i]));
        painter.setPen(theme.grid());
        painter.drawRect(swatch.adjusted(0, 0, -1, -1));
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(place.adjusted(kSwatch + 6, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter,
                         entries[i].text);
    }
}

} // namespace bitloom::workbench
