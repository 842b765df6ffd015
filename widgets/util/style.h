// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace bitloom::ui {

/// A property of a tab bar: of its tabs only the current one shows its text, the others their
/// icons.
inline constexpr const char* kShortTabs = "shortTabs";
/// The same: its tabs stand closer together.
inline constexpr const char* kCloseTabs = "closeTabs";

/// The look of all controls: flat, one outline that keeps 3:1 against its ground in both themes
/// (Fusion derives its outlines by darkening, which vanish on a dark window), rings for focus,
/// scroll bars without buttons. Everything that is not drawn here is Fusion's.
class Style final : public QProxyStyle {
    Q_OBJECT
public:
    Style();

    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
    QSize sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents,
                           const QWidget* widget) const override;
    QRect subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl part,
                         const QWidget* widget) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                            QPainter* painter, const QWidget* widget) const override;
};

} // namespace bitloom::ui
