// SPDX-FileCopyrightText: The Bitloom authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/dialogs/picture_dialog.h"

#include "widgets/util/help.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace bitloom::workbench {

namespace {
constexpr QSize kPreview(420, 260);
constexpr int kSmallestPicture = 120; ///< points
constexpr int kLargest = 6000;
constexpr int kLargestScale = 4;
} // namespace

PictureDialog::PictureDialog(QList<Source> sources, const QString& first, QWidget* parent)
    : QDialog(parent), m_sources(std::move(sources)), m_source(new QComboBox),
      m_picture(new QComboBox), m_width(new QSpinBox), m_height(new QSpinBox),
      m_scale(new QSpinBox), m_preview(new QLabel)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Export picture"));
    for (const Source& source : m_sources) {
        m_source->addItem(source.title, source.id);
    }
    m_source->setCurrentIndex(std::max(m_source->findData(first), 0));
    m_source->setAccessibleName(tr("Panel"));
    m_source->setAccessibleDescription(tr("Where the plot or table is shown"));
    m_picture->setAccessibleName(tr("Plot or table"));
    m_picture->setAccessibleDescription(tr("What is exported"));
    for (QSpinBox* side : {m_width, m_height}) {
        side->setRange(kSmallestPicture, kLargest);
        side->setSingleStep(10);
        side->setSuffix(tr(" pt"));
        connect(side, &QSpinBox::valueChanged, this, &PictureDialog::showPreview);
    }
    m_width->setAccessibleName(tr("Width"));
    m_width->setAccessibleDescription(tr("Width of the picture in points"));
    m_height->setAccessibleName(tr("Height"));
    m_height->setAccessibleDescription(tr("Height of the picture in points"));
    m_scale->setRange(1, kLargestScale);
    m_scale->setValue(2);
    m_scale->setAccessibleName(tr("Pixels per point"));
    m_scale->setAccessibleDescription(
        tr("More pixels make a PNG sharper; other formats have none"));
    m_preview->setAccessibleName(tr("Preview"));
    m_preview->setAlignment(Qt::AlignCenter);
    m_preview->setMinimumSize(kPreview);

    auto* size = new QHBoxLayout;
    size->setSpacing(8);
    size->addWidget(m_width);
    size->addWidget(new QLabel(QStringLiteral("×")));
    size->addWidget(m_height);
    size->addStretch(1);
    auto* form = new QFormLayout;
    form->addRow(tr("&Panel"), m_source);
    form->addRow(tr("&Show"), m_picture);
    form->addRow(tr("Size"), size);
    form->addRow(tr("Pi&xels per point"), m_scale);
    auto* note = new QLabel(tr("PNG, SVG, PDF or the numbers as CSV. The file says which model, "
                               "plan, seed and versions it is of; dropped on the window, it leads "
                               "back to them."));
    note->setWordWrap(true);
    note->setForegroundRole(QPalette::PlaceholderText);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_export = buttons->addButton(tr("Export..."), QDialogButtonBox::AcceptRole);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_preview, 1);
    layout->addLayout(form);
    layout->addWidget(note);
    layout->addWidget(buttons);

    connect(m_source, &QComboBox::currentIndexChanged, this, &PictureDialog::showSource);
    connect(m_picture, &QComboBox::currentIndexChanged, this, &PictureDialog::showPicture);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(m_source->currentData().toString(), m_pictures.at(m_picture->currentIndex()),
                      wantedSize(), m_scale->value());
        accept();
    });
    showSource();
}

QSize PictureDialog::wantedSize() const
{
    return {m_width->value(), m_height->value()};
}

void PictureDialog::showSource()
{
    m_pictures = m_sources.at(m_source->currentIndex()).pictures();
    {
        const QSignalBlocker quiet(m_picture);
        m_picture->clear();
        for (const ui::Picture& picture : std::as_const(m_pictures)) {
            m_picture->addItem(picture.name);
        }
    }
    m_picture->setEnabled(m_pictures.size() > 1);
    const bool any = !m_pictures.isEmpty();
    for (QWidget* control : {static_cast<QWidget*>(m_width), static_cast<QWidget*>(m_height),
                             static_cast<QWidget*>(m_export)}) {
        control->setEnabled(any);
    }
    ui::setHelp(*m_export, any ? tr("Choose the file, whose ending says the format.")
                               : tr("This panel shows nothing yet."));
    showPicture();
}

void PictureDialog::showPicture()
{
    if (!m_pictures.isEmpty()) {
        const QSize size = m_pictures.at(m_picture->currentIndex()).size;
        const QSignalBlocker quiet(m_width);
        m_width->setValue(size.width());
        const QSignalBlocker alsoQuiet(m_height);
        m_height->setValue(size.height());
    }
    showPreview();
}

void PictureDialog::showPreview()
{
    if (m_pictures.isEmpty()) {
        m_preview->setText(m_export->toolTip());
        return;
    }
    const QSize size = wantedSize();
    const QSize shown = size.scaled(kPreview, Qt::KeepAspectRatio);
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(shown * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(palette().color(QPalette::Base));
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.scale(double(shown.width()) / size.width(), double(shown.height()) / size.height());
    m_pictures.at(m_picture->currentIndex()).paint(painter, size);
    painter.end();
    m_preview->setPixmap(pixmap);
}

} // namespace bitloom::workbench
