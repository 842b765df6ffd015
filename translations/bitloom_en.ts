<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US" sourcelanguage="en">
<context>
    <name>ByteMap</name>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n bit</numerusform>
            <numerusform>%n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Codes of %n bit(s)</source>
        <translation>
            <numerusform>Codes of %n bit</numerusform>
            <numerusform>Codes of %n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Values as they are, %n bit(s) each</source>
        <translation>
            <numerusform>Values as they are, %n bit each</numerusform>
            <numerusform>Values as they are, %n bits each</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LayerTable</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunScenes</name>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n bit</numerusform>
            <numerusform>%n bits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::ui::CodesPlot</name>
    <message numerus="yes">
        <source>Weights per %n codes</source>
        <translation>
            <numerusform>Weights per %n code</numerusform>
            <numerusform>Weights per %n codes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::ui::GateMap</name>
    <message numerus="yes">
        <source>%1
Evaluation would take %n bit(s) now.</source>
        <translation>
            <numerusform>%1
Evaluation would take %n bit now.</numerusform>
            <numerusform>%1
Evaluation would take %n bits now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, %n bit(s)
P(open) = %2
%3</source>
        <translation>
            <numerusform>%1, %n bit
P(open) = %2
%3</numerusform>
            <numerusform>%1, %n bits
P(open) = %2
%3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::ui::OptionForm</name>
    <message numerus="yes">
        <source>%1 (%n changed)</source>
        <translation>
            <numerusform>%1 (%n changed)</numerusform>
            <numerusform>%1 (%n changed)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ArchitectureDialog</name>
    <message numerus="yes">
        <source>The guesses compare names and shapes of its %n tensor(s) with the built-in networks.</source>
        <translation>
            <numerusform>The guesses compare names and shapes of its %n tensor with the built-in networks.</numerusform>
            <numerusform>The guesses compare names and shapes of its %n tensors with the built-in networks.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CloseGuard</name>
    <message numerus="yes">
        <source>%n job(s) still run. Stop and close?</source>
        <translation>
            <numerusform>%n job still runs. Stop and close?</numerusform>
            <numerusform>%n jobs still run. Stop and close?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ComparePanel</name>
    <message numerus="yes">
        <source>Show only layers in which the plans differ: %n of them.</source>
        <translation>
            <numerusform>Show only layers in which the plans differ: %n of them.</numerusform>
            <numerusform>Show only layers in which the plans differ: %n of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ConversionView</name>
    <message numerus="yes">
        <source>About %1. Of %n tensor(s), %2 kept, %3 changed, %4 lost.</source>
        <translation>
            <numerusform>About %1. Of %n tensor, %2 kept, %3 changed, %4 lost.</numerusform>
            <numerusform>About %1. Of %n tensors, %2 kept, %3 changed, %4 lost.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ConvertDialog</name>
    <message numerus="yes">
        <source>%1, %n tensor(s), %2</source>
        <translation>
            <numerusform>%1, %n tensor, %2</numerusform>
            <numerusform>%1, %n tensors, %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::EvaluatePanel</name>
    <message numerus="yes">
        <source>Measure %n models</source>
        <translation>
            <numerusform>Measure %n model</numerusform>
            <numerusform>Measure %n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ExportPanel</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FrontierPanel</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::JobProgress</name>
    <message numerus="yes">
        <source>%1, %n more to come</source>
        <translation>
            <numerusform>%1, %n more to come</numerusform>
            <numerusform>%1, %n more to come</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::LayerPanel</name>
    <message numerus="yes">
        <source>Beside %n bit(s)</source>
        <translation>
            <numerusform>Beside %n bit</numerusform>
            <numerusform>Beside %n bits</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>set %n bit(s) in %1</source>
        <translation>
            <numerusform>set %n bit in %1</numerusform>
            <numerusform>set %n bits in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 over %n calibration image(s)</source>
        <translation>
            <numerusform>%1 over %n calibration image</numerusform>
            <numerusform>%1 over %n calibration images</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ModelOpener</name>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n layer</numerusform>
            <numerusform>%n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::NoticeBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PackedPanel</name>
    <message numerus="yes">
        <source>The file differs in %1 place(s)</source>
        <translation>
            <numerusform>The file differs in %1 place</numerusform>
            <numerusform>The file differs in %1 places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 codes of %n bit(s)</source>
        <translation>
            <numerusform>%1: %2 codes of %n bit</numerusform>
            <numerusform>%1: %2 codes of %n bits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PlanDocument</name>
    <message numerus="yes">
        <source>%n locked layer(s) kept their bits.</source>
        <translation>
            <numerusform>%n locked layer kept its bits.</numerusform>
            <numerusform>%n locked layers kept their bits.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PlanEditor</name>
    <message numerus="yes">
        <source>set %1 of %n layer(s) to %2</source>
        <translation>
            <numerusform>set %1 of %n layer to %2</numerusform>
            <numerusform>set %1 of %n layers to %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paste bits of %n layer(s)</source>
        <translation>
            <numerusform>paste bits of %n layer</numerusform>
            <numerusform>paste bits of %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunChannels</name>
    <message numerus="yes">
        <source>%n channel(s) with P(kept) from %1 to %2</source>
        <translation>
            <numerusform>%n channel with P(kept) from %1 to %2</numerusform>
            <numerusform>%n channels with P(kept) from %1 to %2</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 of %n channel(s) kept at step %3</source>
        <translation>
            <numerusform>%1: %2 of %n channel kept at step %3</numerusform>
            <numerusform>%1: %2 of %n channels kept at step %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunHeader</name>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n epoch</numerusform>
            <numerusform>%n epochs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunWarningModel</name>
    <message numerus="yes">
        <source>At most %n bit(s) from here on: only the regulariser still moves the next gate, and only downwards.</source>
        <translation>
            <numerusform>At most %n bit from here on: only the regulariser still moves the next gate, and only downwards.</numerusform>
            <numerusform>At most %n bits from here on: only the regulariser still moves the next gate, and only downwards.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SensitivityPanel</name>
    <message numerus="yes">
        <source>Click: %1 gets %n bit(s).</source>
        <translation>
            <numerusform>Click: %1 gets %n bit.</numerusform>
            <numerusform>Click: %1 gets %n bits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>set %n bit(s) for %1</source>
        <translation>
            <numerusform>set %n bit for %1</numerusform>
            <numerusform>set %n bits for %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Measuring: means over the first %n image(s) of %1.</source>
        <translation>
            <numerusform>Measuring: means over the first %n image of %1.</numerusform>
            <numerusform>Measuring: means over the first %n images of %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Each cell: one tensor quantized alone; %n image(s) of %1, float accuracy %2. The plan&apos;s widths are outlined.</source>
        <translation>
            <numerusform>Each cell: one tensor quantized alone; %n image of %1, float accuracy %2. The plan&apos;s widths are outlined.</numerusform>
            <numerusform>Each cell: one tensor quantized alone; %n images of %1, float accuracy %2. The plan&apos;s widths are outlined.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::StatusLine</name>
    <message numerus="yes">
        <source>%1, %n layers</source>
        <translation>
            <numerusform>%1, %n layer</numerusform>
            <numerusform>%1, %n layers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::VerificationView</name>
    <message numerus="yes">
        <source>Not verified: the file differs in %1 place(s)</source>
        <translation>
            <numerusform>Not verified: the file differs in %1 place</numerusform>
            <numerusform>Not verified: the file differs in %1 places</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) read; nothing was compared with a model.</source>
        <translation>
            <numerusform>%n tensor read; nothing was compared with a model.</numerusform>
            <numerusform>%n tensors read; nothing was compared with a model.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) compared with %1.</source>
        <translation>
            <numerusform>%n tensor compared with %1.</numerusform>
            <numerusform>%n tensors compared with %1.</numerusform>
        </translation>
    </message>
</context>
</TS>
