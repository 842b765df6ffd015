<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>Architectures</name>
    <message>
        <source>LeNet-5 (32 and 64 channels) for MNIST</source>
        <translation>LeNet-5 (32 und 64 Kanäle) für MNIST</translation>
    </message>
    <message>
        <source>MobileNetV2 (width 1.0) for ImageNet; names as in torchvision</source>
        <translation>MobileNetV2 (Breite 1,0) für ImageNet; Namen wie in torchvision</translation>
    </message>
    <message>
        <source>ResNet-101 for ImageNet; names as in torchvision</source>
        <translation>ResNet-101 für ImageNet; Namen wie in torchvision</translation>
    </message>
    <message>
        <source>ResNet-110 for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10</source>
        <translation>ResNet-110 für CIFAR-10 mit Abkürzungen ohne Parameter; Namen wie in pytorch_resnet_cifar10</translation>
    </message>
    <message>
        <source>ResNet-18 for ImageNet; names as in torchvision</source>
        <translation>ResNet-18 für ImageNet; Namen wie in torchvision</translation>
    </message>
    <message>
        <source>ResNet-20 for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10</source>
        <translation>ResNet-20 für CIFAR-10 mit Abkürzungen ohne Parameter; Namen wie in pytorch_resnet_cifar10</translation>
    </message>
    <message>
        <source>ResNet-32 for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10</source>
        <translation>ResNet-32 für CIFAR-10 mit Abkürzungen ohne Parameter; Namen wie in pytorch_resnet_cifar10</translation>
    </message>
    <message>
        <source>ResNet-34 for ImageNet; names as in torchvision</source>
        <translation>ResNet-34 für ImageNet; Namen wie in torchvision</translation>
    </message>
    <message>
        <source>ResNet-44 for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10</source>
        <translation>ResNet-44 für CIFAR-10 mit Abkürzungen ohne Parameter; Namen wie in pytorch_resnet_cifar10</translation>
    </message>
    <message>
        <source>ResNet-50 for ImageNet; names as in torchvision</source>
        <translation>ResNet-50 für ImageNet; Namen wie in torchvision</translation>
    </message>
    <message>
        <source>ResNet-56 for CIFAR-10 with parameter-free shortcuts; names as in pytorch_resnet_cifar10</source>
        <translation>ResNet-56 für CIFAR-10 mit Abkürzungen ohne Parameter; Namen wie in pytorch_resnet_cifar10</translation>
    </message>
    <message>
        <source>VGG-7 with batch normalisation for CIFAR-10</source>
        <translation>VGG-7 mit Batch-Normalisierung für CIFAR-10</translation>
    </message>
</context>
<context>
    <name>BitsText</name>
    <message>
        <source>Nothing was pasted: in line %1, “%2” is not a bit width (0 to 16, 32).</source>
        <translation>Nichts wurde eingefügt: In Zeile %1 ist „%2“ keine Bitbreite (0 bis 16, 32).</translation>
    </message>
    <message>
        <source>Nothing was pasted: the clipboard holds no text.</source>
        <translation>Nichts wurde eingefügt: Die Zwischenablage enthält keinen Text.</translation>
    </message>
    <message>
        <source>Nothing was pasted: select the layers that the numbers are for.</source>
        <translation>Nichts wurde eingefügt: Wählen Sie die Schichten aus, für die die Zahlen sind.</translation>
    </message>
    <message>
        <source>Nothing was pasted: %1 numbers for %2 selected layers.</source>
        <translation>Nichts wurde eingefügt: %1 Zahlen für %2 ausgewählte Schichten.</translation>
    </message>
</context>
<context>
    <name>ByteMap</name>
    <message>
        <source>several widths</source>
        <translation>mehrere Breiten</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n Bit</numerusform>
            <numerusform>%n Bit</numerusform>
        </translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>scales and offsets</source>
        <translation>Skalen und Nullpunkte</translation>
    </message>
    <message>
        <source>metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>padding</source>
        <translation>Auffüllung</translation>
    </message>
    <message>
        <source>Codes of several widths</source>
        <translation>Codes mehrerer Breiten</translation>
    </message>
    <message numerus="yes">
        <source>Codes of %n bit(s)</source>
        <translation>
            <numerusform>Codes von %n Bit</numerusform>
            <numerusform>Codes von %n Bit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Values as they are, %n bit(s) each</source>
        <translation>
            <numerusform>Unveränderte Werte von je %n Bit</numerusform>
            <numerusform>Unveränderte Werte von je %n Bit</numerusform>
        </translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>Skalen</translation>
    </message>
    <message>
        <source>Zero points or origins</source>
        <translation>Nullpunkte oder Ursprünge</translation>
    </message>
    <message>
        <source>Widths, groups or ranges</source>
        <translation>Breiten, Gruppen oder Bereiche</translation>
    </message>
    <message>
        <source>Metadata: names, plan, network, checksums</source>
        <translation>Metadaten: Namen, Plan, Netz, Prüfsummen</translation>
    </message>
    <message>
        <source>Padding: what follows begins at an even address</source>
        <translation>Auffüllung: was folgt, beginnt an einer geraden Adresse</translation>
    </message>
</context>
<context>
    <name>CostFigures</name>
    <message>
        <source>no change</source>
        <translation>keine Änderung</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>%1 smaller</source>
        <translation>%1 kleiner</translation>
    </message>
    <message>
        <source>%1 larger</source>
        <translation>%1 größer</translation>
    </message>
    <message>
        <source>This plan: %1. FP32: %2.</source>
        <translation>Dieser Plan: %1. FP32: %2.</translation>
    </message>
    <message>
        <source>Bit operations</source>
        <translation>Bitoperationen</translation>
    </message>
    <message>
        <source>of FP32</source>
        <translation>von FP32</translation>
    </message>
    <message>
        <source>This plan: %1 BOPs for %2 MACs.</source>
        <translation>Dieser Plan: %1 BOPs für %2 MACs.</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Not known: the table lacks widths of this plan.</source>
        <translation>Nicht bekannt: In der Tabelle fehlen Breiten dieses Plans.</translation>
    </message>
    <message>
        <source>Measured accuracy</source>
        <translation>Gemessene Genauigkeit</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>This plan has not been evaluated yet.</source>
        <translation>Dieser Plan wurde noch nicht gemessen.</translation>
    </message>
    <message>
        <source>In brackets: the change against %1 in percentage points.</source>
        <translation>In Klammern: die Änderung gegenüber %1 in Prozentpunkten.</translation>
    </message>
    <message>
        <source>In brackets: the change against %1.</source>
        <translation>In Klammern: die Änderung gegenüber %1.</translation>
    </message>
</context>
<context>
    <name>Definitions</name>
    <message>
        <source>percent</source>
        <translation>Prozent</translation>
    </message>
    <message>
        <source>Counted from the model and the plan; exact.</source>
        <translation>Aus Modell und Plan gezählt; exakt.</translation>
    </message>
    <message>
        <source>Measured by Evaluate on the chosen images.</source>
        <translation>Von „Auswerten“ auf den gewählten Bildern gemessen.</translation>
    </message>
    <message>
        <source>Size of a layer</source>
        <translation>Größe einer Schicht</translation>
    </message>
    <message>
        <source>Stored bytes of the weight: packed codes, scales and zero points.</source>
        <translation>Gespeicherte Bytes des Gewichts: gepackte Codes, Skalen und Nullpunkte.</translation>
    </message>
    <message>
        <source>bytes; 1 kB is 1000 bytes</source>
        <translation>Bytes; 1 kB sind 1000 Bytes</translation>
    </message>
    <message>
        <source>rows × ⌈columns × bits ÷ 8⌉, plus 4 bytes for each scale and each zero point</source>
        <translation>Zeilen × ⌈Spalten × Bits ÷ 8⌉, dazu 4 Bytes je Skala und je Nullpunkt</translation>
    </message>
    <message>
        <source>Bit operations (BOPs)</source>
        <translation>Bitoperationen (BOPs)</translation>
    </message>
    <message>
        <source>Multiply-accumulates × weight bits × activation bits, summed over the layers; FP32 counts 32 × 32.</source>
        <translation>Multiplikationen mit Addition × Gewichtsbits × Aktivierungsbits, über die Schichten summiert; FP32 zählt 32 × 32.</translation>
    </message>
    <message>
        <source>percent of the same network in FP32</source>
        <translation>Prozent desselben Netzes in FP32</translation>
    </message>
    <message>
        <source>Σ MACs × b&lt;sub&gt;w&lt;/sub&gt; × b&lt;sub&gt;a&lt;/sub&gt;; pruned layers count nothing</source>
        <translation>Σ MACs × b&lt;sub&gt;w&lt;/sub&gt; × b&lt;sub&gt;a&lt;/sub&gt;; entfernte Schichten zählen nichts</translation>
    </message>
    <message>
        <source>van Baalen et al., “Bayesian Bits”, NeurIPS 2020. Counted from the model and the plan.</source>
        <translation>van Baalen et al., „Bayesian Bits“, NeurIPS 2020. Aus Modell und Plan gezählt.</translation>
    </message>
    <message>
        <source>Share of bit operations</source>
        <translation>Anteil an den Bitoperationen</translation>
    </message>
    <message>
        <source>The layer&apos;s part of the plan&apos;s bit operations (MACs × weight bits × activation bits).</source>
        <translation>Anteil der Schicht an den Bitoperationen des Plans (MACs × Gewichtsbits × Aktivierungsbits).</translation>
    </message>
    <message>
        <source>BOPs of the layer ÷ BOPs of the plan</source>
        <translation>BOPs der Schicht ÷ BOPs des Plans</translation>
    </message>
    <message>
        <source>Multiply-accumulates (MACs)</source>
        <translation>Multiplikationen mit Addition (MACs)</translation>
    </message>
    <message>
        <source>Multiply-accumulates for one input; no plan changes them.</source>
        <translation>Multiplikationen mit Addition für eine Eingabe; kein Plan ändert sie.</translation>
    </message>
    <message>
        <source>operations; 1 k is 1000</source>
        <translation>Operationen; 1 k sind 1000</translation>
    </message>
    <message>
        <source>convolutions, linear layers and matrix products; nothing else counts</source>
        <translation>Faltungen, lineare Schichten und Matrixprodukte; sonst zählt nichts</translation>
    </message>
    <message>
        <source>Counted in one recorded run of the model at batch 1.</source>
        <translation>In einem aufgezeichneten Lauf des Modells mit Batch 1 gezählt.</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Elements of weight and bias.</source>
        <translation>Elemente von Gewicht und Bias.</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Read from the model.</source>
        <translation>Aus dem Modell gelesen.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bytes of the packed weights with scales and zero points, and of all other tensors as they are; without the container&apos;s own metadata.</source>
        <translation>Bytes der gepackten Gewichte mit Skalen und Nullpunkten und aller anderen Tensoren, wie sie sind; ohne die Metadaten der Datei selbst.</translation>
    </message>
    <message>
        <source>Σ size of the layers + tensors that are stored as they are</source>
        <translation>Σ Größe der Schichten + Tensoren, die unverändert gespeichert werden</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>Measured loss when only this layer is quantized, to the narrowest width of the sensitivity table.</source>
        <translation>Gemessener Verlust, wenn nur diese Schicht quantisiert wird, auf die kleinste Breite der Empfindlichkeitstabelle.</translation>
    </message>
    <message>
        <source>nats for the KL divergence; squared difference for the output error; points for accuracy</source>
        <translation>Nat bei der KL-Divergenz; quadrierte Differenz beim Ausgabefehler; Punkte bei der Genauigkeit</translation>
    </message>
    <message>
        <source>KL(softmax(float) ‖ softmax(quantized)), mean over the images</source>
        <translation>KL(softmax(float) ‖ softmax(quantisiert)), Mittel über die Bilder</translation>
    </message>
    <message>
        <source>Measured by the sensitivity sweep.</source>
        <translation>Von der Empfindlichkeitsmessung gemessen.</translation>
    </message>
    <message>
        <source>Predicted loss of a layer</source>
        <translation>Vorhergesagter Verlust einer Schicht</translation>
    </message>
    <message>
        <source>Loss that the present widths cause, read from the sensitivity table; losses of layers add up.</source>
        <translation>Verlust durch die jetzigen Breiten, aus der Empfindlichkeitstabelle; Verluste von Schichten addieren sich.</translation>
    </message>
    <message>
        <source>as the sensitivity</source>
        <translation>wie die Empfindlichkeit</translation>
    </message>
    <message>
        <source>loss of the weight alone + loss of the input alone, at their widths</source>
        <translation>Verlust durch das Gewicht allein + Verlust durch die Eingabe allein, bei ihren Breiten</translation>
    </message>
    <message>
        <source>Sensitivity table; not a measurement of the plan.</source>
        <translation>Empfindlichkeitstabelle; keine Messung des Plans.</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Sum of the losses that the sensitivity table gives each layer at its widths. Not a measurement.</source>
        <translation>Summe der Verluste, die die Empfindlichkeitstabelle jeder Schicht bei ihren Breiten gibt. Keine Messung.</translation>
    </message>
    <message>
        <source>Σ loss of each weight and each activation tensor quantized alone</source>
        <translation>Σ Verlust durch jedes Gewicht und jeden Aktivierungstensor, einzeln quantisiert</translation>
    </message>
    <message>
        <source>Sensitivity table; what layers do to each other is not in it.</source>
        <translation>Empfindlichkeitstabelle; was Schichten einander antun, steht nicht darin.</translation>
    </message>
    <message>
        <source>Top-5 accuracy</source>
        <translation>Top-5-Genauigkeit</translation>
    </message>
    <message>
        <source>Images whose class was among the first five answers.</source>
        <translation>Bilder, deren Klasse unter den ersten fünf Antworten war.</translation>
    </message>
    <message>
        <source>right images ÷ all images</source>
        <translation>richtige Bilder ÷ alle Bilder</translation>
    </message>
    <message>
        <source>Change of accuracy</source>
        <translation>Änderung der Genauigkeit</translation>
    </message>
    <message>
        <source>Top-1 in points against the model without a plan.</source>
        <translation>Top-1 in Punkten gegenüber dem Modell ohne Plan.</translation>
    </message>
    <message>
        <source>percentage points</source>
        <translation>Prozentpunkte</translation>
    </message>
    <message>
        <source>top-1 of the plan − top-1 of the model</source>
        <translation>Top-1 des Plans − Top-1 des Modells</translation>
    </message>
    <message>
        <source>Same answer</source>
        <translation>Gleiche Antwort</translation>
    </message>
    <message>
        <source>Images that get the same answer as without a plan, right or wrong.</source>
        <translation>Bilder mit derselben Antwort wie ohne Plan, richtig oder falsch.</translation>
    </message>
    <message>
        <source>images with the same answer ÷ all images</source>
        <translation>Bilder mit gleicher Antwort ÷ alle Bilder</translation>
    </message>
    <message>
        <source>Signal to quantization noise (SQNR)</source>
        <translation>Signal zu Quantisierungsrauschen (SQNR)</translation>
    </message>
    <message>
        <source>How much stronger the weight is than what its quantization changes.</source>
        <translation>Wie viel stärker das Gewicht ist als das, was seine Quantisierung ändert.</translation>
    </message>
    <message>
        <source>decibels</source>
        <translation>Dezibel</translation>
    </message>
    <message>
        <source>10 log₁₀(mean w² ÷ mean (w − quantized w)²)</source>
        <translation>10 log₁₀(Mittel w² ÷ Mittel (w − quantisiertes w)²)</translation>
    </message>
    <message>
        <source>Computed over all weights of the layer; exact.</source>
        <translation>Über alle Gewichte der Schicht berechnet; exakt.</translation>
    </message>
    <message>
        <source>Measured accuracy</source>
        <translation>Gemessene Genauigkeit</translation>
    </message>
    <message>
        <source>Share of the images whose best class is right, top-1.</source>
        <translation>Anteil der Bilder, deren beste Klasse richtig ist, Top-1.</translation>
    </message>
    <message>
        <source>bits: 0 (pruned), 1 to 16, or FP32</source>
        <translation>Bits: 0 (entfernt), 1 bis 16 oder FP32</translation>
    </message>
    <message>
        <source>The plan; yours or the search&apos;s choice.</source>
        <translation>Der Plan; Ihre Wahl oder die der Suche.</translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation>Gewichtsbits</translation>
    </message>
    <message>
        <source>Bits of each weight; FP32 is not quantized.</source>
        <translation>Bits jedes Gewichts; FP32 ist nicht quantisiert.</translation>
    </message>
    <message>
        <source>a width of b bits has 2&lt;sup&gt;b&lt;/sup&gt; levels</source>
        <translation>eine Breite von b Bits hat 2&lt;sup&gt;b&lt;/sup&gt; Stufen</translation>
    </message>
    <message>
        <source>Activation bits</source>
        <translation>Aktivierungsbits</translation>
    </message>
    <message>
        <source>Bits of each element of the layer&apos;s input.</source>
        <translation>Bits jedes Elements der Eingabe der Schicht.</translation>
    </message>
    <message>
        <source>Unit:</source>
        <translation>Einheit:</translation>
    </message>
    <message>
        <source>Formula:</source>
        <translation>Formel:</translation>
    </message>
    <message>
        <source>Source:</source>
        <translation>Quelle:</translation>
    </message>
    <message>
        <source>Expected bit operations</source>
        <translation>Erwartete Bitoperationen</translation>
    </message>
    <message>
        <source>Bit operations that the gates of a search come to on average, each open with its own probability; they fall before the first gate shuts.</source>
        <translation>Bitoperationen, auf die die Gatter einer Suche im Mittel kommen, jedes mit seiner eigenen Wahrscheinlichkeit offen; sie fallen, bevor das erste Gatter schließt.</translation>
    </message>
    <message>
        <source>Σ MACs × E[b&lt;sub&gt;w&lt;/sub&gt;] × E[b&lt;sub&gt;a&lt;/sub&gt;] × kept share of the channels, E[b] = 2 + 2 p&lt;sub&gt;4&lt;/sub&gt; + 4 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; + 8 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; p&lt;sub&gt;16&lt;/sub&gt; + 16 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; p&lt;sub&gt;16&lt;/sub&gt; p&lt;sub&gt;32&lt;/sub&gt;</source>
        <translation>Σ MACs × E[b&lt;sub&gt;w&lt;/sub&gt;] × E[b&lt;sub&gt;a&lt;/sub&gt;] × bleibender Anteil der Kanäle, E[b] = 2 + 2 p&lt;sub&gt;4&lt;/sub&gt; + 4 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; + 8 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; p&lt;sub&gt;16&lt;/sub&gt; + 16 p&lt;sub&gt;4&lt;/sub&gt; p&lt;sub&gt;8&lt;/sub&gt; p&lt;sub&gt;16&lt;/sub&gt; p&lt;sub&gt;32&lt;/sub&gt;</translation>
    </message>
    <message>
        <source>Computed from the gates of the run; exact for independent gates.</source>
        <translation>Aus den Gattern des Laufs berechnet; für unabhängige Gatter exakt.</translation>
    </message>
</context>
<context>
    <name>ErrorWords</name>
    <message>
        <source>A value is outside of what is allowed.</source>
        <translation>Ein Wert liegt außerhalb des Erlaubten.</translation>
    </message>
    <message>
        <source>Change the value and try again.</source>
        <translation>Ändern Sie den Wert und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Something that is needed was not found.</source>
        <translation>Etwas, das gebraucht wird, wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>Check the name and the folder, and that the drive is connected.</source>
        <translation>Prüfen Sie Namen und Ordner und ob das Laufwerk verbunden ist.</translation>
    </message>
    <message>
        <source>The system could not read or write a file.</source>
        <translation>Das System konnte eine Datei nicht lesen oder schreiben.</translation>
    </message>
    <message>
        <source>Check the free space and the permissions of the folder.</source>
        <translation>Prüfen Sie den freien Platz und die Rechte am Ordner.</translation>
    </message>
    <message>
        <source>This file is of no kind that Bitloom reads.</source>
        <translation>Diese Datei ist von keiner Art, die Bitloom liest.</translation>
    </message>
    <message>
        <source>Open a TorchScript model, a PyTorch state dict, a packed model or a project.</source>
        <translation>Öffnen Sie ein TorchScript-Modell, ein State Dict von PyTorch, ein gepacktes Modell oder ein Projekt.</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Copy or export it again from where it came from.</source>
        <translation>Kopieren oder exportieren Sie sie noch einmal von ihrer Quelle.</translation>
    </message>
    <message>
        <source>The file asks for something that is not safe, so it was not opened.</source>
        <translation>Die Datei verlangt etwas Unsicheres und wurde deshalb nicht geöffnet.</translation>
    </message>
    <message>
        <source>Ask its author for a state dict of plain tensors.</source>
        <translation>Bitten Sie den Autor um ein State Dict aus einfachen Tensoren.</translation>
    </message>
    <message>
        <source>Shapes do not fit together.</source>
        <translation>Formen passen nicht zueinander.</translation>
    </message>
    <message>
        <source>Choose the architecture or the input shape that the weights were trained with.</source>
        <translation>Wählen Sie die Architektur oder Eingabeform, mit der die Gewichte trainiert wurden.</translation>
    </message>
    <message>
        <source>This belongs to another model.</source>
        <translation>Dies gehört zu einem anderen Modell.</translation>
    </message>
    <message>
        <source>Open the model that it was made for.</source>
        <translation>Öffnen Sie das Modell, für das es gemacht wurde.</translation>
    </message>
    <message>
        <source>Bitloom cannot do this yet.</source>
        <translation>Das kann Bitloom noch nicht.</translation>
    </message>
    <message>
        <source>A number is infinite or not a number.</source>
        <translation>Eine Zahl ist unendlich oder keine Zahl.</translation>
    </message>
    <message>
        <source>Check the weights and the preprocessing of the images.</source>
        <translation>Prüfen Sie die Gewichte und die Vorverarbeitung der Bilder.</translation>
    </message>
    <message>
        <source>No plan fits the budget.</source>
        <translation>Kein Plan passt in das Budget.</translation>
    </message>
    <message>
        <source>Raise the budget or allow fewer bits.</source>
        <translation>Erhöhen Sie das Budget oder erlauben Sie weniger Bits.</translation>
    </message>
    <message>
        <source>The images cannot be used.</source>
        <translation>Die Bilder sind nicht verwendbar.</translation>
    </message>
    <message>
        <source>Check the folder of the dataset.</source>
        <translation>Prüfen Sie den Ordner des Datensatzes.</translation>
    </message>
    <message>
        <source>The file that was read back differs from what was written.</source>
        <translation>Die zurückgelesene Datei weicht von der geschriebenen ab.</translation>
    </message>
    <message>
        <source>Do not use it. Export again, to another disk if it happens again.</source>
        <translation>Verwenden Sie sie nicht. Exportieren Sie noch einmal, bei Wiederholung auf ein anderes Laufwerk.</translation>
    </message>
    <message>
        <source>There is not enough memory.</source>
        <translation>Der Speicher reicht nicht.</translation>
    </message>
    <message>
        <source>Use smaller batches or close other programs, then run it again.</source>
        <translation>Nehmen Sie kleinere Batches oder schließen Sie andere Programme und starten Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Something went wrong inside Bitloom.</source>
        <translation>In Bitloom ist etwas schiefgegangen.</translation>
    </message>
    <message>
        <source>Copy the details and report them; your plans are as they were.</source>
        <translation>Kopieren Sie die Einzelheiten und melden Sie sie; Ihre Pläne sind unverändert.</translation>
    </message>
</context>
<context>
    <name>FileTasks</name>
    <message>
        <source>The file is too large.</source>
        <translation>Die Datei ist zu groß.</translation>
    </message>
</context>
<context>
    <name>FormatWords</name>
    <message>
        <source>Packed HDF5 (.h5)</source>
        <translation>Gepacktes HDF5 (.h5)</translation>
    </message>
    <message>
        <source>compressed-tensors (.safetensors)</source>
        <translation>compressed-tensors (.safetensors)</translation>
    </message>
    <message>
        <source>State dict of PyTorch (.pth)</source>
        <translation>State Dict von PyTorch (.pth)</translation>
    </message>
    <message>
        <source>State dict (.safetensors)</source>
        <translation>State Dict (.safetensors)</translation>
    </message>
    <message>
        <source>BitPack, safe (.pth.tar)</source>
        <translation>BitPack, sicher (.pth.tar)</translation>
    </message>
    <message>
        <source>BitPack, exact (.pth.tar)</source>
        <translation>BitPack, genau (.pth.tar)</translation>
    </message>
    <message>
        <source>BitPack, safe, before PyTorch 1.6</source>
        <translation>BitPack, sicher, vor PyTorch 1.6</translation>
    </message>
    <message>
        <source>BitPack, exact, before PyTorch 1.6</source>
        <translation>BitPack, genau, vor PyTorch 1.6</translation>
    </message>
    <message>
        <source>Read by Bitloom, and with h5py in a few lines. Holds everything: codes, scales, the network, the plan and the ranges of activations.</source>
        <translation>Liest Bitloom, und h5py mit wenigen Zeilen. Enthält alles: Codes, Skalen, das Netz, den Plan und die Bereiche der Aktivierungen.</translation>
    </message>
    <message>
        <source>Read by the package compressed-tensors, vLLM and transformers. Holds codes and scales; what these do not know is for Bitloom alone. A config.json is written beside it.</source>
        <translation>Lesen das Paket compressed-tensors, vLLM und transformers. Enthält Codes und Skalen; was diese nicht kennen, liest nur Bitloom. Daneben entsteht eine config.json.</translation>
    </message>
    <message>
        <source>Read by torch.load(weights_only=True). Holds the weights as numbers, which take as much room as before.</source>
        <translation>Liest torch.load(weights_only=True). Enthält die Gewichte als Zahlen, die so viel Platz brauchen wie zuvor.</translation>
    </message>
    <message>
        <source>Read by the package safetensors. Holds the weights as numbers, which take as much room as before.</source>
        <translation>Liest das Paket safetensors. Enthält die Gewichte als Zahlen, die so viel Platz brauchen wie zuvor.</translation>
    </message>
    <message>
        <source>Read by BitPack&apos;s loader. Holds integers at the smallest width, and their scales apart.</source>
        <translation>Liest BitPack. Enthält ganze Zahlen in der kleinsten Breite und daneben ihre Skalen.</translation>
    </message>
    <message>
        <source>Byte for byte as BitPack writes it. Holds integers alone: scales and all that is no code are lost.</source>
        <translation>Byte für Byte, wie BitPack schreibt. Enthält nur ganze Zahlen: Skalen und alles, was kein Code ist, gehen verloren.</translation>
    </message>
    <message>
        <source>Packed weights (*.h5)</source>
        <translation>Gepackte Gewichte (*.h5)</translation>
    </message>
    <message>
        <source>Safetensors (*.safetensors)</source>
        <translation>Safetensors (*.safetensors)</translation>
    </message>
    <message>
        <source>State dicts (*.pth)</source>
        <translation>State Dicts (*.pth)</translation>
    </message>
    <message>
        <source>BitPack&apos;s files (*.pth.tar)</source>
        <translation>Dateien von BitPack (*.pth.tar)</translation>
    </message>
</context>
<context>
    <name>Formatting</name>
    <message>
        <source>%1 bytes</source>
        <translation>%1 Bytes</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 min %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>entfernt</translation>
    </message>
</context>
<context>
    <name>FrontierPlot</name>
    <message>
        <source>Predicted</source>
        <translation>Vorhergesagt</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>Gemessen</translation>
    </message>
    <message>
        <source>Stored size</source>
        <translation>Gespeicherte Größe</translation>
    </message>
    <message>
        <source>BOPs, % of FP32</source>
        <translation>BOPs, % von FP32</translation>
    </message>
    <message>
        <source>Measured top-1, %</source>
        <translation>Top-1 gemessen, %</translation>
    </message>
    <message>
        <source>Predicted loss, lower is better</source>
        <translation>Vorhergesagter Verlust, kleiner ist besser</translation>
    </message>
    <message>
        <source>No plan was measured yet. Evaluate a plan to see its accuracy here.</source>
        <translation>Noch wurde kein Plan gemessen. Werten Sie einen Plan aus, um hier seine Genauigkeit zu sehen.</translation>
    </message>
    <message>
        <source>The plans found for different budgets appear here. Run the sensitivity sweep, then compute the frontier.</source>
        <translation>Die Pläne für verschiedene Budgets erscheinen hier. Messen Sie die Empfindlichkeit, dann berechnen Sie die Front.</translation>
    </message>
    <message>
        <source>FP32 %1</source>
        <translation>FP32 %1</translation>
    </message>
    <message>
        <source>knee</source>
        <translation>Knie</translation>
    </message>
    <message>
        <source>Uniform plan</source>
        <translation>Einheitlicher Plan</translation>
    </message>
    <message>
        <source>Edited plan</source>
        <translation>Bearbeiteter Plan</translation>
    </message>
    <message>
        <source>Without measured accuracy, not shown: %1</source>
        <translation>Ohne gemessene Genauigkeit, nicht gezeigt: %1</translation>
    </message>
    <message>
        <source>Without a predicted loss that fits this axis, not shown: %1</source>
        <translation>Ohne vorhergesagten Verlust, der zu dieser Achse passt, nicht gezeigt: %1</translation>
    </message>
</context>
<context>
    <name>GateMap</name>
    <message>
        <source>P(open)</source>
        <translation>P(offen)</translation>
    </message>
    <message>
        <source>open &gt; %1</source>
        <translation>offen &gt; %1</translation>
    </message>
    <message>
        <source>shut for good ≤ %1</source>
        <translation>für immer zu ≤ %1</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>kept</source>
        <comment>share of channels, short</comment>
        <translation>bleibt</translation>
    </message>
    <message>
        <source>bits</source>
        <comment>column of widths, short</comment>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Arrow keys move from gate to gate</source>
        <translation>Pfeiltasten gehen von Gatter zu Gatter</translation>
    </message>
</context>
<context>
    <name>HeatMap</name>
    <message>
        <source>in the plan</source>
        <translation>im Plan</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
</context>
<context>
    <name>JobModel</name>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>hält an</translation>
    </message>
    <message>
        <source>finished</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
    <message>
        <source>paused: %1</source>
        <translation>angehalten: %1</translation>
    </message>
    <message>
        <source>%1 per second</source>
        <translation>%1 je Sekunde</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>noch %1</translation>
    </message>
    <message>
        <source>%1 of %2 %3</source>
        <translation>%1 von %2 %3</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Job</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>Rate</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>LayerEdits</name>
    <message>
        <source>%1 is locked</source>
        <translation>%1 ist gesperrt</translation>
    </message>
    <message>
        <source>%1 has no weight</source>
        <translation>%1 hat kein Gewicht</translation>
    </message>
    <message>
        <source>%1 cannot have this width: %2</source>
        <translation>%1 kann diese Breite nicht haben: %2</translation>
    </message>
    <message>
        <source>No bits were set: %1.</source>
        <translation>Keine Bits wurden gesetzt: %1.</translation>
    </message>
    <message>
        <source>%1 of %2 layers were left out: %3.</source>
        <translation>%1 von %2 Schichten wurden ausgelassen: %3.</translation>
    </message>
    <message>
        <source>Bits of %1 layers were pasted; %2 are locked, not in this model or cannot have their width: %3.</source>
        <translation>Bits von %1 Schichten wurden eingefügt; %2 sind gesperrt, nicht in diesem Modell oder können ihre Breite nicht haben: %3.</translation>
    </message>
</context>
<context>
    <name>LayerKinds</name>
    <message>
        <source>conv</source>
        <translation>Faltung</translation>
    </message>
    <message>
        <source>transposed conv</source>
        <translation>transponierte Faltung</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>linear</translation>
    </message>
    <message>
        <source>matmul</source>
        <translation>Matrixprodukt</translation>
    </message>
</context>
<context>
    <name>LayerTable</name>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>several</source>
        <translation>mehrere</translation>
    </message>
    <message>
        <source>No weight: both operands are activations.</source>
        <translation>Kein Gewicht: Beide Operanden sind Aktivierungen.</translation>
    </message>
    <message>
        <source>Weights of the layers below: %1 bits.</source>
        <translation>Gewichte der Schichten darunter: %1 Bits.</translation>
    </message>
    <message>
        <source>Weight: %1.</source>
        <translation>Gewicht: %1.</translation>
    </message>
    <message>
        <source>Weight: %1 bits, %2.</source>
        <translation>Gewicht: %1 Bits, %2.</translation>
    </message>
    <message>
        <source>Inputs of the layers below: %1 bits.</source>
        <translation>Eingaben der Schichten darunter: %1 Bits.</translation>
    </message>
    <message>
        <source>Operands: %1 and %2 bits.</source>
        <translation>Operanden: %1 und %2 Bits.</translation>
    </message>
    <message>
        <source>Input: FP32.</source>
        <translation>Eingabe: FP32.</translation>
    </message>
    <message>
        <source>Input: %1 bits, %2.</source>
        <translation>Eingabe: %1 Bits, %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>The same tensor feeds %1: its bits change with this one.</source>
        <translation>Derselbe Tensor speist %1: Seine Bits ändern sich mit diesem.</translation>
    </message>
    <message>
        <source>Output %1 at batch 1</source>
        <translation>Ausgabe %1 bei Batch 1</translation>
    </message>
    <message>
        <source>Weight %1
Output %2 at batch 1</source>
        <translation>Gewicht %1
Ausgabe %2 bei Batch 1</translation>
    </message>
    <message>
        <source>%1 multiply-accumulates</source>
        <translation>%1 Multiplikationen mit Addition</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 Parameter</translation>
    </message>
    <message>
        <source>%1 bit operations, %2 of the plan</source>
        <translation>%1 Bitoperationen, %2 des Plans</translation>
    </message>
    <message>
        <source>Not measured yet: run the sensitivity sweep.</source>
        <translation>Noch nicht gemessen: Messen Sie die Empfindlichkeit.</translation>
    </message>
    <message>
        <source>Predicted: %1</source>
        <translation>Vorhergesagt: %1</translation>
    </message>
    <message>
        <source>Not known: the sensitivity table lacks these widths.</source>
        <translation>Nicht bekannt: In der Empfindlichkeitstabelle fehlen diese Breiten.</translation>
    </message>
    <message>
        <source>Locked: %1</source>
        <translation>Gesperrt: %1</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Module path of the layer, in execution order.</source>
        <translation>Modulpfad der Schicht, in Reihenfolge der Ausführung.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>What the layer computes.</source>
        <translation>Was die Schicht rechnet.</translation>
    </message>
    <message>
        <source>Weight shape</source>
        <translation>Gewichtsform</translation>
    </message>
    <message>
        <source>Shape of the weight, output channels first.</source>
        <translation>Form des Gewichts, Ausgabekanäle zuerst.</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>W bits</source>
        <translation>W-Bits</translation>
    </message>
    <message>
        <source>A bits</source>
        <translation>A-Bits</translation>
    </message>
    <message>
        <source>Scheme</source>
        <translation>Schema</translation>
    </message>
    <message>
        <source>How the weight&apos;s codes and range are chosen.</source>
        <translation>Wie Codes und Bereich des Gewichts gewählt werden.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>BOPs share</source>
        <translation>BOPs-Anteil</translation>
    </message>
    <message>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Edits and searches leave locked layers alone. Type l to lock or unlock the selected layers.</source>
        <translation>Änderungen und Suchen lassen gesperrte Schichten in Ruhe. Tippen Sie l, um die ausgewählten Schichten zu sperren oder freizugeben.</translation>
    </message>
    <message>
        <source>affine</source>
        <translation>affin</translation>
    </message>
    <message>
        <source>symmetric</source>
        <translation>symmetrisch</translation>
    </message>
    <message>
        <source>per tensor</source>
        <translation>je Tensor</translation>
    </message>
    <message>
        <source>per channel</source>
        <translation>je Kanal</translation>
    </message>
    <message>
        <source>fixed range</source>
        <translation>fester Bereich</translation>
    </message>
    <message>
        <source>min-max</source>
        <translation>Min-Max</translation>
    </message>
    <message>
        <source>percentile</source>
        <translation>Perzentil</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>not locked</source>
        <translation>nicht gesperrt</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>gesperrt</translation>
    </message>
    <message>
        <source>partly</source>
        <translation>teilweise</translation>
    </message>
    <message>
        <source>Type w and a number to set them for the selected layers.</source>
        <translation>Tippen Sie w und eine Zahl, um sie für die gewählten Schichten zu setzen.</translation>
    </message>
    <message>
        <source>Type a and a number to set them for the selected layers.</source>
        <translation>Tippen Sie a und eine Zahl, um sie für die gewählten Schichten zu setzen.</translation>
    </message>
</context>
<context>
    <name>LogModel</name>
    <message>
        <source>detail</source>
        <translation>Einzelheit</translation>
    </message>
    <message>
        <source>note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Text</translation>
    </message>
</context>
<context>
    <name>MethodOptions</name>
    <message>
        <source>A first look: gates start near the edge, so few steps move them</source>
        <translation>Ein erster Blick: die Gatter beginnen nahe der Kante, so dass wenige Schritte sie bewegen</translation>
    </message>
    <message>
        <source>Gates and quantizers</source>
        <translation>Gatter und Quantisierer</translation>
    </message>
    <message>
        <source>Gates while training: sampled anew in each step, or deterministic</source>
        <translation>Gatter beim Training: in jedem Schritt neu gezogen oder deterministisch</translation>
    </message>
    <message>
        <source>How learning rates fall: constant, linear-tail (weights only, to zero over the last third), multistep:EPOCH:EPOCH, or cosine:SMALLEST</source>
        <translation>Wie die Lernraten fallen: constant, linear-tail (nur Gewichte, im letzten Drittel auf null), multistep:EPOCHE:EPOCHE oder cosine:KLEINSTE</translation>
    </message>
    <message>
        <source>How often losses, gates and ranges are recorded</source>
        <translation>Wie oft Verluste, Gatter und Bereiche aufgezeichnet werden</translation>
    </message>
    <message>
        <source>How often the test images are classified</source>
        <translation>Wie oft die Testbilder klassifiziert werden</translation>
    </message>
    <message>
        <source>Images per step</source>
        <translation>Bilder je Schritt</translation>
    </message>
    <message>
        <source>L2 penalty on all but gates and ranges, part of the loss</source>
        <translation>L2-Strafe auf alles außer Gattern und Bereichen, Teil des Verlusts</translation>
    </message>
    <message>
        <source>Learn bits per layer, and which channels to prune, by gradient while the network trains</source>
        <translation>Lernt die Bits je Schicht und welche Kanäle wegfallen, per Gradient, während das Netz trainiert</translation>
    </message>
    <message>
        <source>Logit of the 16-bit gates at the start; -6 means never above 8 bits</source>
        <translation>Logit der 16-Bit-Gatter am Anfang; -6 heißt nie über 8 Bits</translation>
    </message>
    <message>
        <source>Logit of the 32-bit gates at the start; -6 means never above 16 bits</source>
        <translation>Logit der 32-Bit-Gatter am Anfang; -6 heißt nie über 16 Bits</translation>
    </message>
    <message>
        <source>Logit of the 4-bit gates at the start</source>
        <translation>Logit der 4-Bit-Gatter am Anfang</translation>
    </message>
    <message>
        <source>Logit of the 8-bit gates at the start</source>
        <translation>Logit der 8-Bit-Gatter am Anfang</translation>
    </message>
    <message>
        <source>Of the gates</source>
        <translation>Der Gatter</translation>
    </message>
    <message>
        <source>Of the ranges</source>
        <translation>Der Bereiche</translation>
    </message>
    <message>
        <source>Of the weights</source>
        <translation>Der Gewichte</translation>
    </message>
    <message>
        <source>Prune channels at 4-bit weights and 8-bit activations</source>
        <translation>Kanäle entfernen, bei 4-Bit-Gewichten und 8-Bit-Aktivierungen</translation>
    </message>
    <message>
        <source>Prune channels at 8-bit weights and activations</source>
        <translation>Kanäle entfernen, bei 8-Bit-Gewichten und -Aktivierungen</translation>
    </message>
    <message>
        <source>Prune channels, quantize nothing</source>
        <translation>Kanäle entfernen, nichts quantisieren</translation>
    </message>
    <message>
        <source>Prune output channels too</source>
        <translation>Auch Ausgangskanäle entfernen</translation>
    </message>
    <message>
        <source>Quantize tensors too that feed nothing but a residual sum</source>
        <translation>Auch Tensoren quantisieren, die nur in eine Residualsumme gehen</translation>
    </message>
    <message>
        <source>Random crops and flips as the preprocessing says</source>
        <translation>Zufällige Ausschnitte und Spiegelungen, wie die Vorverarbeitung sagt</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Start as the published program does: ranges from the first two training images with sampled gates, the largest value for signed tensors too, quantizers before max pooling, gates of their own for depthwise channels</source>
        <translation>Beginnt wie das veröffentlichte Programm: Bereiche aus den ersten zwei Trainingsbildern mit gezogenen Gattern, der größte Wert auch bei Tensoren mit Vorzeichen, Quantisierer vor dem Max-Pooling, eigene Gatter für Depthwise-Kanäle</translation>
    </message>
    <message>
        <source>Statistics of batch normalisation stay as they are after calibration</source>
        <translation>Die Statistik der Batch-Normalisierung bleibt nach der Kalibrierung, wie sie ist</translation>
    </message>
    <message>
        <source>Statistics of folded batch normalisation: of the unquantized layer (twice the work), or rescaled from the quantized one</source>
        <translation>Statistik der gefalteten Batch-Normalisierung: von der nicht quantisierten Schicht (doppelte Arbeit) oder umgerechnet von der quantisierten</translation>
    </message>
    <message>
        <source>Strength of the pressure towards few bits: larger gives cheaper networks</source>
        <translation>Stärke des Drucks zu wenigen Bits: größer gibt billigere Netze</translation>
    </message>
    <message>
        <source>The published recipe for LeNet-5 on MNIST</source>
        <translation>Das veröffentlichte Rezept für LeNet-5 auf MNIST</translation>
    </message>
    <message>
        <source>The published recipe for VGG-7 on CIFAR-10</source>
        <translation>Das veröffentlichte Rezept für VGG-7 auf CIFAR-10</translation>
    </message>
    <message>
        <source>The published recipe for a trained ResNet-18 on ImageNet</source>
        <translation>Das veröffentlichte Rezept für ein trainiertes ResNet-18 auf ImageNet</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Training batches that the ranges start from</source>
        <translation>Trainings-Batches, aus denen die Anfangsbereiche kommen</translation>
    </message>
    <message>
        <source>What a bit costs: bit operations of the layers it works in, the same everywhere, or what it adds to the expected bit operations of the network, pruned inputs included</source>
        <translation>Was ein Bit kostet: die Bit-Operationen der Schichten, in denen es arbeitet, überall dasselbe, oder was es zu den erwarteten Bit-Operationen des Netzes beiträgt, weggeschnittene Eingänge inbegriffen</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>Batches</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Activations stay in floating point</source>
        <translation>Aktivierungen bleiben Gleitkommazahlen</translation>
    </message>
    <message>
        <source>Of weights (SGD) and ranges (Adam) with fixed gates; falls along a cosine to 0</source>
        <translation>Von Gewichten (SGD) und Bereichen (Adam) bei festen Gattern; fällt entlang eines Kosinus auf 0</translation>
    </message>
    <message>
        <source>Passes after the search, with what the gates decided: weights, biases and ranges train on</source>
        <translation>Durchgänge nach der Suche, mit dem, was die Gatter entschieden haben: Gewichte, Biases und Bereiche lernen weiter</translation>
    </message>
    <message>
        <source>Weights stay in floating point</source>
        <translation>Gewichte bleiben Gleitkommazahlen</translation>
    </message>
    <message>
        <source>What the search may not choose, separated by commas: LAYER=WEIGHT/ACTIVATION (bits, or - for what stays free), with /keep behind them or LAYER=keep where no channel may be pruned</source>
        <translation>Was die Suche nicht wählen darf, durch Kommas getrennt: SCHICHT=GEWICHT/AKTIVIERUNG (Bits, oder - für das, was frei bleibt), mit /keep dahinter oder SCHICHT=keep, wo kein Kanal wegfallen darf</translation>
    </message>
    <message>
        <source>A checkpoint of the published program (.pth) that weights, gates and ranges come from; with --epochs 0 it is evaluated, packed and proven as it is</source>
        <translation>Ein Checkpoint des veröffentlichten Programms (.pth), aus dem Gewichte, Gatter und Bereiche kommen; mit --epochs 0 wird er ausgewertet, gepackt und bewiesen, wie er ist</translation>
    </message>
    <message>
        <source>Before anything else: ReLU6 becomes ReLU, and the channels between two layers get equal ranges in both (cross-layer equalisation)</source>
        <translation>Vor allem anderen: ReLU6 wird ReLU, und die Kanäle zwischen zwei Schichten bekommen in beiden gleiche Bereiche (schichtübergreifender Ausgleich)</translation>
    </message>
    <message>
        <source>Passes over the training images; 0: what it starts from is evaluated and packed</source>
        <translation>Durchgänge durch die Trainingsbilder; 0: womit es beginnt, wird ausgewertet und gepackt</translation>
    </message>
    <message>
        <source>What trains: weights, biases and shifts alone (b), gates, ranges (s)</source>
        <translation>Was lernt: Gewichte (w), nur Biases und Verschiebungen (b), Gatter (g), Bereiche (s)</translation>
    </message>
    <message>
        <source>Widths, such as 8,4, of a baseline without learning that is measured after the search: tensors go down to them one after the other, the least sensitive first</source>
        <translation>Breiten, etwa 8,4, eines Vergleichs ohne Lernen, der nach der Suche gemessen wird: die Tensoren gehen nacheinander auf sie herunter, der unempfindlichste zuerst</translation>
    </message>
    <message>
        <source>Of the gates; none: they train along with the weights</source>
        <translation>Der Gatter; none: sie werden zusammen mit den Gewichten trainiert</translation>
    </message>
    <message>
        <source>Of the ranges; none: they train along with the gates</source>
        <translation>Der Bereiche; none: sie werden zusammen mit den Gattern trainiert</translation>
    </message>
    <message>
        <source>The state after each epoch stays, in a file of its own beside the run&apos;s</source>
        <translation>Der Zustand nach jeder Epoche bleibt erhalten, in einer eigenen Datei neben der des Laufs</translation>
    </message>
    <message>
        <source>Training batches that refresh the statistics of batch normalisation before the fine-tuning folds it for good</source>
        <translation>Trainings-Batches, die die Statistiken der Batch-Normalisierung auffrischen, bevor die Feinabstimmung sie endgültig einrechnet</translation>
    </message>
</context>
<context>
    <name>Phrases</name>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>%1 bits %2</source>
        <translation>%1 Bit %2</translation>
    </message>
    <message>
        <source>%1 has no checkpoint_format, and nothing says how zero points are stored</source>
        <translation>%1 hat kein checkpoint_format, und nichts sagt, wie die Nullpunkte gespeichert sind</translation>
    </message>
    <message>
        <source>%1 is of the kind %2, which compressed-tensors cannot hold</source>
        <translation>%1 ist von der Art %2, die compressed-tensors nicht aufnehmen kann.</translation>
    </message>
    <message>
        <source>%1 is of the type %2, which cannot be converted</source>
        <translation>%1 ist vom Typ %2, der nicht umgewandelt werden kann.</translation>
    </message>
    <message>
        <source>%1 says checkpoint_format %2 and symmetric codes, but the zero points lie in the middle only as of %3</source>
        <translation>%1 nennt checkpoint_format %2 und symmetrische Codes, aber nur nach %3 liegen die Nullpunkte in der Mitte</translation>
    </message>
    <message>
        <source>%1 says that the codes are symmetric, but their zero points are neither all %2 nor all %3</source>
        <translation>laut %1 sind die Codes symmetrisch, aber ihre Nullpunkte sind weder alle %2 noch alle %3</translation>
    </message>
    <message>
        <source>%1 states version %2, whose codes lie %3, but %4 has as many words as %5 codes need</source>
        <translation>%1 nennt Version %2, nach der Codes „%3“ liegen, aber %4 hat so viele Wörter, wie Codes in der Lage „%5“ brauchen</translation>
    </message>
    <message>
        <source>%1: both layouts of its codes fit, and config.json states no version</source>
        <translation>%1: beide Lagen der Codes passen, und config.json nennt keine Version</translation>
    </message>
    <message>
        <source>1 bit %1</source>
        <translation>1 Bit %1</translation>
    </message>
    <message>
        <source>BitPack cannot read back a file with tensors that are no codes</source>
        <translation>BitPack kann keine Datei zurücklesen, in der Tensoren keine Codes sind</translation>
    </message>
    <message>
        <source>BitPack codes</source>
        <translation>Codes von BitPack</translation>
    </message>
    <message>
        <source>BitPack codes, or int32 beyond 8 bits</source>
        <translation>Codes von BitPack, über 8 Bit int32</translation>
    </message>
    <message>
        <source>a scale per channel</source>
        <translation>eine Skala je Kanal</translation>
    </message>
    <message>
        <source>a width per channel %1</source>
        <translation>eine Breite je Kanal %1</translation>
    </message>
    <message>
        <source>codes and scales become their products</source>
        <translation>aus Codes und Skalen werden ihre Produkte</translation>
    </message>
    <message>
        <source>codes and scales become their products, rounded</source>
        <translation>aus Codes und Skalen werden ihre Produkte, gerundet</translation>
    </message>
    <message>
        <source>codes of %1 bits need compressed-tensors 0.18 or newer: before, they lay otherwise under the same name</source>
        <translation>Codes mit %1 Bit brauchen compressed-tensors 0.18 oder neuer: vorher lagen sie unter demselben Namen anders</translation>
    </message>
    <message>
        <source>codes that only Bitloom reads</source>
        <translation>Codes, die nur Bitloom liest</translation>
    </message>
    <message>
        <source>groups of %1</source>
        <translation>Gruppen zu %1</translation>
    </message>
    <message>
        <source>groups of %1 in any order</source>
        <translation>Gruppen zu %1 in beliebiger Reihenfolge</translation>
    </message>
    <message>
        <source>it has no dimensions</source>
        <translation>er hat keine Dimensionen</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>er ist leer</translation>
    </message>
    <message>
        <source>it is of type %1, with which BitPack writes files that it cannot load</source>
        <translation>er ist vom Typ %1, mit dem BitPack Dateien schreibt, die es nicht laden kann</translation>
    </message>
    <message>
        <source>its %1 columns are no multiple of the group size %2, which other readers require</source>
        <translation>seine %1 Spalten sind kein Vielfaches der Gruppengröße %2, was andere Programme verlangen</translation>
    </message>
    <message>
        <source>its codes have %1 bits, other readers know 1 to %2</source>
        <translation>seine Codes haben %1 Bit, andere Programme kennen 1 bis %2</translation>
    </message>
    <message>
        <source>its groups (g_idx) do not have %1 columns each, which other readers require</source>
        <translation>seine Gruppen (g_idx) haben nicht je %1 Spalten, was andere Programme verlangen</translation>
    </message>
    <message>
        <source>its kind &quot;%1&quot; is of a newer version</source>
        <translation>seine Art „%1“ stammt aus einer neueren Version</translation>
    </message>
    <message>
        <source>its kind is of a newer version</source>
        <translation>seine Art stammt aus einer neueren Version</translation>
    </message>
    <message>
        <source>its rows have widths of their own, other readers know one for the tensor</source>
        <translation>seine Zeilen haben eigene Breiten, andere Programme kennen eine für den ganzen Tensor</translation>
    </message>
    <message>
        <source>its scales stand apart as %1.scale</source>
        <translation>seine Skalen stehen getrennt als %1.scale</translation>
    </message>
    <message>
        <source>its scales: the file holds integers alone</source>
        <translation>seine Skalen: die Datei enthält nur ganze Zahlen</translation>
    </message>
    <message>
        <source>its values are %1 to %2 as int8, which overflows when BitPack adds the offset</source>
        <translation>seine Werte sind %1 bis %2 als int8, was überläuft, wenn BitPack den Versatz addiert</translation>
    </message>
    <message>
        <source>its values are %1 to %2, a span of %3 where 8 bits hold 255</source>
        <translation>seine Werte sind %1 bis %2, eine Spanne von %3, wo 8 Bit 255 fassen</translation>
    </message>
    <message>
        <source>its values are %1 to %2, and BitPack takes its offset %3 modulo 256</source>
        <translation>seine Werte sind %1 bis %2, und BitPack nimmt seinen Versatz %3 modulo 256</translation>
    </message>
    <message>
        <source>its values are %1 to %2, none of them negative, and BitPack stops at it</source>
        <translation>seine Werte sind %1 bis %2, keiner davon negativ, und daran bricht BitPack ab</translation>
    </message>
    <message>
        <source>no scale</source>
        <translation>keine Skala</translation>
    </message>
    <message>
        <source>one scale</source>
        <translation>eine Skala</translation>
    </message>
    <message>
        <source>other readers look for a module&apos;s packed weights under its name and .weight, this tensor is called %1</source>
        <translation>andere Programme suchen die gepackten Gewichte eines Moduls unter seinem Namen mit .weight, dieser Tensor heißt %1</translation>
    </message>
    <message>
        <source>other readers unpack the weights of linear and embedding layers, which have two dimensions; this tensor has the shape %1</source>
        <translation>andere Programme entpacken Gewichte linearer Schichten und Einbettungen, die zwei Dimensionen haben; dieser Tensor hat die Form %1</translation>
    </message>
    <message>
        <source>rounded to %1</source>
        <translation>auf %1 gerundet</translation>
    </message>
    <message>
        <source>tensor %1 cannot be packed as BitPack does (exact): %2; use the mode safe (--mode safe, of a model --to bitpack)</source>
        <translation>Der Tensor %1 kann nicht so gepackt werden, wie BitPack es tut (genau): %2. Nehmen Sie „BitPack, sicher“.</translation>
    </message>
    <message>
        <source>tensor %1 has no offset entry</source>
        <translation>der Tensor %1 hat keinen Eintrag für den Versatz</translation>
    </message>
    <message>
        <source>the bit plan and how it was found</source>
        <translation>der Bitplan und wie er gefunden wurde</translation>
    </message>
    <message>
        <source>the description of the network: the output holds tensors alone</source>
        <translation>die Beschreibung des Netzes: die Ausgabe enthält nur Tensoren</translation>
    </message>
    <message>
        <source>the input holds no codes that compressed-tensors could hold; bitloom pack quantizes a model</source>
        <translation>Die Eingabe enthält keine Codes, die compressed-tensors aufnehmen könnte. Codes entstehen, wenn ein Modell unter einem Plan mit weniger Bits exportiert wird.</translation>
    </message>
    <message>
        <source>the quantizers of %1 activations</source>
        <translation>die Quantisierer der Aktivierungen (%1)</translation>
    </message>
    <message>
        <source>the zero points of its encoding %1 are not among its codes, other readers know no others</source>
        <translation>die Nullpunkte seiner Kodierung %1 liegen nicht unter seinen Codes, andere kennen andere Programme nicht</translation>
    </message>
    <message>
        <source>zero points</source>
        <translation>Nullpunkte</translation>
    </message>
    <message>
        <source>%1 (%2 more)</source>
        <translation>%1 (%2 weitere)</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>%1 branches that depend on shapes, types or weights were resolved for the input shape</source>
        <translation>%1 Verzweigungen, die von Formen, Typen oder Gewichten abhängen, wurden für die Eingabeform entschieden</translation>
    </message>
    <message>
        <source>%1 does not match its CRC-32, which was not looked at as asked for</source>
        <translation>%1 passt nicht zu seiner CRC-32, die wie verlangt nicht beachtet wurde</translation>
    </message>
    <message>
        <source>%1 entries that are no tensors ignored: %2</source>
        <translation>%1 Einträge, die keine Tensoren sind, übergangen: %2</translation>
    </message>
    <message>
        <source>%1 is %2</source>
        <translation>%1 ist %2</translation>
    </message>
    <message>
        <source>%1 is %2, expected %3</source>
        <translation>%1 ist %2, erwartet %3</translation>
    </message>
    <message>
        <source>%1 missing: %2</source>
        <translation>%1 fehlen: %2</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>%1 weitere</translation>
    </message>
    <message>
        <source>%1 of %2 names and shapes match; %3</source>
        <translation>%1 von %2 Namen und Formen stimmen überein; %3</translation>
    </message>
    <message>
        <source>%1 of another shape: %2</source>
        <translation>%1 von anderer Form: %2</translation>
    </message>
    <message>
        <source>%1 prints something; the graph does not</source>
        <translation>%1 gibt etwas aus; der Graph nicht</translation>
    </message>
    <message>
        <source>%1 quantizers on residual inputs are left out; --residual-input-quant keeps them</source>
        <translation>%1 Quantisierer an Residual-Eingängen werden ausgelassen; --residual-input-quant behält sie</translation>
    </message>
    <message>
        <source>%1 unexpected: %2</source>
        <translation>%1 überzählig: %2</translation>
    </message>
    <message>
        <source>%1 was recorded as the fused operator %2, so the layers inside cannot be quantized one by one; call torch.backends.mha.set_fastpath_enabled(False) before tracing</source>
        <translation>%1 wurde als verschmolzener Operator %2 aufgezeichnet, darum lassen sich die Schichten darin nicht einzeln quantisieren; rufen Sie vor dem Aufzeichnen torch.backends.mha.set_fastpath_enabled(False) auf</translation>
    </message>
    <message>
        <source>%1: %2 of %3 zero points have all bits set, which stands for 0 in GPTQ v1; some programs read it as %4</source>
        <translation>%1: bei %2 von %3 Nullpunkten sind alle Bits gesetzt, was in GPTQ v1 für 0 steht; manche Programme lesen es als %4</translation>
    </message>
    <message>
        <source>%1; %2</source>
        <translation>%1; %2</translation>
    </message>
    <message>
        <source>0 tensors packed: none holds integers of a span that fits</source>
        <translation>0 Tensoren gepackt: keiner enthält ganze Zahlen von passender Spanne</translation>
    </message>
    <message>
        <source>0 tensors packed: none holds integers of a span that fits; --force-pack-fp packs integers that are kept in floating point</source>
        <translation>0 Tensoren gepackt: keiner enthält ganze Zahlen von passender Spanne; --force-pack-fp packt ganze Zahlen, die in Gleitkomma liegen</translation>
    </message>
    <message>
        <source>HAWQ checkpoint</source>
        <translation>HAWQ-Checkpoint</translation>
    </message>
    <message>
        <source>HAWQ checkpoint: %1</source>
        <translation>HAWQ-Checkpoint: %1</translation>
    </message>
    <message>
        <source>HAWQ training checkpoint: %1 weight_integer among its %2 tensors</source>
        <translation>Trainings-Checkpoint von HAWQ: %1 weight_integer unter seinen %2 Tensoren</translation>
    </message>
    <message>
        <source>a Bitloom project</source>
        <translation>ein Projekt von Bitloom</translation>
    </message>
    <message>
        <source>a JSON file</source>
        <translation>eine JSON-Datei</translation>
    </message>
    <message>
        <source>a PyTorch checkpoint</source>
        <translation>ein Checkpoint von PyTorch</translation>
    </message>
    <message>
        <source>a PyTorch checkpoint of the legacy format</source>
        <translation>ein Checkpoint von PyTorch im alten Format</translation>
    </message>
    <message>
        <source>a Python pickle that torch.save did not write</source>
        <translation>ein Pickle von Python, das nicht torch.save geschrieben hat</translation>
    </message>
    <message>
        <source>a TorchScript module</source>
        <translation>ein TorchScript-Modul</translation>
    </message>
    <message>
        <source>a bit plan</source>
        <translation>ein Bitplan</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>ein Ordner</translation>
    </message>
    <message>
        <source>a folder of safetensors files</source>
        <translation>ein Ordner mit safetensors-Dateien</translation>
    </message>
    <message>
        <source>a gzip file</source>
        <translation>eine gzip-Datei</translation>
    </message>
    <message>
        <source>a list of predictions</source>
        <translation>eine Liste von Vorhersagen</translation>
    </message>
    <message>
        <source>a model under a plan</source>
        <translation>ein Modell unter einem Plan</translation>
    </message>
    <message>
        <source>a numpy archive (.npz)</source>
        <translation>ein numpy-Archiv (.npz)</translation>
    </message>
    <message>
        <source>a numpy array (.npy)</source>
        <translation>ein numpy-Array (.npy)</translation>
    </message>
    <message>
        <source>a packed model (%1)</source>
        <translation>ein gepacktes Modell (%1)</translation>
    </message>
    <message>
        <source>a safetensors file</source>
        <translation>eine safetensors-Datei</translation>
    </message>
    <message>
        <source>a sensitivity table</source>
        <translation>eine Empfindlichkeitstabelle</translation>
    </message>
    <message>
        <source>a tar archive</source>
        <translation>ein tar-Archiv</translation>
    </message>
    <message>
        <source>a text file</source>
        <translation>eine Textdatei</translation>
    </message>
    <message>
        <source>a torch.export archive</source>
        <translation>ein Archiv von torch.export</translation>
    </message>
    <message>
        <source>a zip archive that torch.save did not write</source>
        <translation>ein zip-Archiv, das nicht torch.save geschrieben hat</translation>
    </message>
    <message>
        <source>all %1 names and shapes match</source>
        <translation>alle %1 Namen und Formen stimmen überein</translation>
    </message>
    <message>
        <source>all weights are 0, as before the first run or where a layer stays in floating point: %1</source>
        <translation>alle Gewichte sind 0, wie vor dem ersten Lauf oder wo eine Schicht in Gleitkomma bleibt: %1</translation>
    </message>
    <message>
        <source>an HDF5 file</source>
        <translation>eine HDF5-Datei</translation>
    </message>
    <message>
        <source>an ONNX model</source>
        <translation>ein ONNX-Modell</translation>
    </message>
    <message>
        <source>beside the weights, the original has what is not in the packed file: %1</source>
        <translation>neben den Gewichten hat das Original, was nicht in der gepackten Datei ist: %1</translation>
    </message>
    <message>
        <source>codes of 3, 5, 6 and 7 bits lie padded, as compressed-tensors before 0.18 wrote them</source>
        <translation>Codes von 3, 5, 6 und 7 Bit liegen aufgefüllt, wie compressed-tensors vor 0.18 sie schrieb</translation>
    </message>
    <message>
        <source>forward returns %1 tensors; all are outputs of the graph, the first one counts as the prediction</source>
        <translation>forward gibt %1 Tensoren zurück; alle sind Ausgänge des Graphen, der erste gilt als Vorhersage</translation>
    </message>
    <message>
        <source>found under the key %1</source>
        <translation>gefunden unter dem Schlüssel %1</translation>
    </message>
    <message>
        <source>integer checkpoint</source>
        <translation>Checkpoint aus ganzen Zahlen</translation>
    </message>
    <message>
        <source>its format version is %1, what is newer than %2 is left out</source>
        <translation>ihre Formatversion ist %1; was neuer als %2 ist, wird ausgelassen</translation>
    </message>
    <message>
        <source>layers are told by shape and order: %1</source>
        <translation>Schichten wurden an Form und Reihenfolge erkannt: %1</translation>
    </message>
    <message>
        <source>left out: %1</source>
        <translation>ausgelassen: %1</translation>
    </message>
    <message>
        <source>names were matched without the prefix module.</source>
        <translation>Namen wurden ohne das Präfix module. verglichen.</translation>
    </message>
    <message>
        <source>no scale for %1 (HAWQ&apos;s export leaves out conv_scaling_factor, the scale of convolutions without batch normalisation; its training checkpoint has it)</source>
        <translation>keine Skala für %1 (der Export von HAWQ lässt conv_scaling_factor aus, die Skala von Faltungen ohne Batch-Normalisierung; der Trainings-Checkpoint hat sie)</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>not in the file: %1</source>
        <translation>nicht in der Datei: %1</translation>
    </message>
    <message>
        <source>note: %1</source>
        <translation>Hinweis: %1</translation>
    </message>
    <message>
        <source>of no known format</source>
        <translation>von keinem bekannten Format</translation>
    </message>
    <message>
        <source>packed HDF5 %1</source>
        <translation>gepacktes HDF5 %1</translation>
    </message>
    <message>
        <source>packed weights do not say how activations are rounded: they stay in floating point in the plan, give them bits to count and measure them</source>
        <translation>gepackte Gewichte sagen nicht, wie Aktivierungen gerundet werden: sie bleiben im Plan in Gleitkomma; geben Sie ihnen Bits, um sie zu zählen und zu messen</translation>
    </message>
    <message>
        <source>packed weights that do not say all about themselves</source>
        <translation>gepackte Gewichte, die nicht alles über sich sagen</translation>
    </message>
    <message>
        <source>packed weights without a network (%1)</source>
        <translation>gepackte Gewichte ohne Netz (%1)</translation>
    </message>
    <message>
        <source>prefix %1 removed from every name</source>
        <translation>Präfix %1 von jedem Namen entfernt</translation>
    </message>
    <message>
        <source>state dict</source>
        <translation>State Dict</translation>
    </message>
    <message>
        <source>state dict with PyTorch&apos;s quantized tensors</source>
        <translation>State Dict mit quantisierten Tensoren von PyTorch</translation>
    </message>
    <message>
        <source>tensor %1 is stored as it is; its offset %2 is not used</source>
        <translation>der Tensor %1 liegt, wie er ist; sein Versatz %2 wird nicht gebraucht</translation>
    </message>
    <message>
        <source>tensor %1: %2 of the %3 bits behind its codes are not 0; they are not used</source>
        <translation>Tensor %1: %2 der %3 Bits hinter seinen Codes sind nicht 0; sie werden nicht gebraucht</translation>
    </message>
    <message>
        <source>the bit widths have entries that belong to no tensor: %1</source>
        <translation>die Bitbreiten haben Einträge, die zu keinem Tensor gehören: %1</translation>
    </message>
    <message>
        <source>the checkpoint has no channel gates for %1 weights: all their channels start open</source>
        <translation>der Checkpoint hat für %1 Gewichte keine Kanal-Gatter: alle ihre Kanäle beginnen offen</translation>
    </message>
    <message>
        <source>the codes of %1 have 32 bits, of which at most 16 are packed: they are read as float32</source>
        <translation>die Codes von %1 haben 32 Bit, gepackt werden höchstens 16: sie werden als float32 gelesen</translation>
    </message>
    <message>
        <source>the codes of %1 have a scale for each group of columns, which a plan cannot say: under it they are rounded anew, with one scale for each output channel</source>
        <translation>die Codes von %1 haben eine Skala für jede Gruppe von Spalten, was ein Plan nicht sagen kann: unter ihm werden sie neu gerundet, mit einer Skala je Ausgabekanal</translation>
    </message>
    <message>
        <source>the codes of %1 have several widths, of which a plan can only say the widest: under it they are rounded anew</source>
        <translation>die Codes von %1 haben mehrere Breiten, von denen ein Plan nur die größte sagen kann: unter ihm werden sie neu gerundet</translation>
    </message>
    <message>
        <source>the codes of %1 lie on grids that a plan cannot say: under it they are rounded anew</source>
        <translation>die Codes von %1 liegen auf Gittern, die ein Plan nicht sagen kann: unter ihm werden sie neu gerundet</translation>
    </message>
    <message>
        <source>the input shape %1 is a guess (the first that the model runs on); give another with --input-shape</source>
        <translation>die Eingabeform %1 ist geraten (die erste, mit der das Modell läuft); eine andere gibt --input-shape an</translation>
    </message>
    <message>
        <source>the input shape %1 is the one the model was traced with</source>
        <translation>die Eingabeform %1 ist die, mit der das Modell aufgezeichnet wurde</translation>
    </message>
    <message>
        <source>the input_activations of %1 are not taken over</source>
        <translation>die input_activations von %1 werden nicht übernommen</translation>
    </message>
    <message>
        <source>the kv_cache_scheme is not taken over</source>
        <translation>das kv_cache_scheme wird nicht übernommen</translation>
    </message>
    <message>
        <source>the model runs only at the batch size %1, which was fixed when it was traced</source>
        <translation>das Modell läuft nur mit der Batch-Größe %1, die beim Aufzeichnen festgelegt wurde</translation>
    </message>
    <message>
        <source>the offsets have entries that belong to no tensor: %1</source>
        <translation>die Versatzwerte haben Einträge, die zu keinem Tensor gehören: %1</translation>
    </message>
    <message>
        <source>the output_activations of %1 are not taken over</source>
        <translation>die output_activations von %1 werden nicht übernommen</translation>
    </message>
    <message>
        <source>the quantizer on %1, which feeds nothing but a sum, is not in the plan</source>
        <translation>der Quantisierer an %1, der nur eine Summe speist, ist nicht im Plan</translation>
    </message>
    <message>
        <source>the shapes have entries that belong to no tensor: %1</source>
        <translation>die Formen haben Einträge, die zu keinem Tensor gehören: %1</translation>
    </message>
    <message>
        <source>the tensor %1 stays in floating point and is no longer clipped to its range</source>
        <translation>der Tensor %1 bleibt in Gleitkomma und wird nicht mehr auf seinen Bereich begrenzt</translation>
    </message>
    <message>
        <source>the weights are what the codes of %1 say; activations stay in floating point</source>
        <translation>die Gewichte sind, was die Codes sagen (%1); Aktivierungen bleiben in Gleitkomma</translation>
    </message>
    <message>
        <source>zero points are read as of GPTQ %1, as asked</source>
        <translation>Nullpunkte werden wie verlangt als die von GPTQ %1 gelesen</translation>
    </message>
    <message>
        <source>zero points are read as of GPTQ %1: the file is symmetric, and only so do they lie in the middle</source>
        <translation>Nullpunkte werden als die von GPTQ %1 gelesen: die Datei ist symmetrisch, und nur so liegen sie in der Mitte</translation>
    </message>
</context>
<context>
    <name>QObject</name>
    <message>
        <source>Choose how many bits each layer of a neural network gets.</source>
        <translation>Festlegen, wie viele Bits jede Schicht eines neuronalen Netzes bekommt.</translation>
    </message>
    <message>
        <source>A model, a project folder or arch:NAME to open.</source>
        <translation>Ein Modell, ein Projektordner oder arch:NAME zum Öffnen.</translation>
    </message>
    <message>
        <source>light, dark or system, for this run.</source>
        <translation>light, dark oder system, für diesen Lauf.</translation>
    </message>
    <message>
        <source>Processor threads for this run; 0 = all cores.</source>
        <translation>Prozessor-Threads für diesen Lauf; 0 = alle Kerne.</translation>
    </message>
    <message>
        <source>cpu, cuda or cuda:N, for this run.</source>
        <translation>cpu, cuda oder cuda:N, für diesen Lauf.</translation>
    </message>
    <message>
        <source>Another settings file.</source>
        <translation>Eine andere Einstellungsdatei.</translation>
    </message>
    <message>
        <source>one file or project can be opened, %1 were given</source>
        <translation>eine Datei oder ein Projekt kann geöffnet werden, %1 wurden angegeben</translation>
    </message>
    <message>
        <source>--theme takes light, dark or system, not &apos;%1&apos;</source>
        <translation>--theme nimmt light, dark oder system, nicht „%1“</translation>
    </message>
    <message>
        <source>--threads takes a number from 0 to 1024, not &apos;%1&apos;</source>
        <translation>--threads nimmt eine Zahl von 0 bis 1024, nicht „%1“</translation>
    </message>
    <message>
        <source>Arrow keys move between the rows, Ctrl+C copies the selected ones.</source>
        <translation>Pfeiltasten gehen von Zeile zu Zeile, Strg+C kopiert die ausgewählten.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>QPlatformTheme</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>RowFilter</name>
    <message>
        <source>a term is missing before it</source>
        <translation>davor fehlt ein Ausdruck</translation>
    </message>
    <message>
        <source>a term is missing after it</source>
        <translation>danach fehlt ein Ausdruck</translation>
    </message>
    <message>
        <source>At %1, “%2”: %3.</source>
        <translation>Bei %1, „%2“: %3.</translation>
    </message>
    <message>
        <source>the closing quote is missing</source>
        <translation>das schließende Anführungszeichen fehlt</translation>
    </message>
    <message>
        <source>a field is missing before the operator</source>
        <translation>vor dem Operator fehlt ein Feld</translation>
    </message>
    <message>
        <source>unknown field, nearest: %1</source>
        <translation>unbekanntes Feld, am nächsten: %1</translation>
    </message>
    <message>
        <source>a value is missing after the operator</source>
        <translation>nach dem Operator fehlt ein Wert</translation>
    </message>
    <message>
        <source>this table has no names to search</source>
        <translation>diese Tabelle hat keine Namen zum Suchen</translation>
    </message>
    <message>
        <source>the word is empty</source>
        <translation>das Wort ist leer</translation>
    </message>
    <message>
        <source>is no number; use : = or !=</source>
        <translation>ist keine Zahl; nehmen Sie : = oder !=</translation>
    </message>
    <message>
        <source>expected yes or no</source>
        <translation>yes oder no erwartet</translation>
    </message>
    <message>
        <source>expected a percentile from p0 to p100</source>
        <translation>ein Perzentil von p0 bis p100 erwartet</translation>
    </message>
    <message>
        <source>a range goes with : = or !=</source>
        <translation>ein Bereich geht mit : = oder !=</translation>
    </message>
    <message>
        <source>the range ends before it begins</source>
        <translation>der Bereich endet, bevor er beginnt</translation>
    </message>
    <message>
        <source>expected a number such as %1</source>
        <translation>eine Zahl wie %1 erwartet</translation>
    </message>
    <message>
        <source>unknown unit, use B, kB, MB, GB</source>
        <translation>unbekannte Einheit, nehmen Sie B, kB, MB, GB</translation>
    </message>
    <message>
        <source>unknown unit, use k, M, G, T</source>
        <translation>unbekannte Einheit, nehmen Sie k, M, G, T</translation>
    </message>
    <message>
        <source>unknown unit, use % or none</source>
        <translation>unbekannte Einheit, nehmen Sie % oder keine</translation>
    </message>
    <message>
        <source>bits have no unit</source>
        <translation>Bits haben keine Einheit</translation>
    </message>
</context>
<context>
    <name>RunScenes</name>
    <message>
        <source>open &gt; %1</source>
        <translation>offen &gt; %1</translation>
    </message>
    <message>
        <source>The losses appear here with the first recorded step.</source>
        <translation>Die Verluste erscheinen hier mit dem ersten aufgezeichneten Schritt.</translation>
    </message>
    <message>
        <source>Loss of a step</source>
        <translation>Verlust eines Schritts</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>Kreuzentropie</translation>
    </message>
    <message>
        <source>λ × regulariser</source>
        <translation>λ × Regularisierer</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>Summe</translation>
    </message>
    <message>
        <source>Accuracy on the test images appears here with the first evaluation.</source>
        <translation>Die Genauigkeit auf den Testbildern erscheint hier mit der ersten Auswertung.</translation>
    </message>
    <message>
        <source>Top-1, %</source>
        <translation>Top-1, %</translation>
    </message>
    <message>
        <source>training batch</source>
        <translation>Trainingsstapel</translation>
    </message>
    <message>
        <source>test images</source>
        <translation>Testbilder</translation>
    </message>
    <message>
        <source>The cost of the network appears here with the first evaluation.</source>
        <translation>Die Kosten des Netzes erscheinen hier mit der ersten Auswertung.</translation>
    </message>
    <message>
        <source>BOPs, % of FP32</source>
        <translation>BOPs, % von FP32</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>erwartet</translation>
    </message>
    <message>
        <source>by open gates</source>
        <translation>nach offenen Gattern</translation>
    </message>
    <message>
        <source>The learning rates appear here with the first recorded step.</source>
        <translation>Die Lernraten erscheinen hier mit dem ersten aufgezeichneten Schritt.</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>gates</source>
        <translation>Gatter</translation>
    </message>
    <message>
        <source>ranges</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>The gates appear here with the first recorded step.</source>
        <translation>Die Gatter erscheinen hier mit dem ersten aufgezeichneten Schritt.</translation>
    </message>
    <message>
        <source>P(open), weights</source>
        <translation>P(offen), Gewichte</translation>
    </message>
    <message>
        <source>P(open), activations</source>
        <translation>P(offen), Aktivierungen</translation>
    </message>
    <message numerus="yes">
        <source>%n bit(s)</source>
        <translation>
            <numerusform>%n Bit</numerusform>
            <numerusform>%n Bits</numerusform>
        </translation>
    </message>
    <message>
        <source>kept, mean</source>
        <translation>bleibt, Mittel</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>bleibt</translation>
    </message>
    <message>
        <source>shut for good ≤ %1</source>
        <translation>für immer zu ≤ %1</translation>
    </message>
    <message>
        <source>The ranges appear here with the first recorded step.</source>
        <translation>Die Bereiche erscheinen hier mit dem ersten aufgezeichneten Schritt.</translation>
    </message>
    <message>
        <source>Range of the weights</source>
        <translation>Bereich der Gewichte</translation>
    </message>
    <message>
        <source>Range of the activations</source>
        <translation>Bereich der Aktivierungen</translation>
    </message>
    <message>
        <source>range, ±x_max</source>
        <translation>Bereich, ±x_max</translation>
    </message>
    <message>
        <source>range, x_max</source>
        <translation>Bereich, x_max</translation>
    </message>
    <message>
        <source>smallest and largest value</source>
        <translation>kleinster und größter Wert</translation>
    </message>
    <message>
        <source>%1 of the values lie outside the range.</source>
        <translation>%1 der Werte liegen außerhalb des Bereichs.</translation>
    </message>
    <message>
        <source>Channels, the most probable first</source>
        <translation>Kanäle, die wahrscheinlichsten zuerst</translation>
    </message>
    <message>
        <source>P(kept)</source>
        <translation>P(bleibt)</translation>
    </message>
    <message>
        <source>The channels of this weight cannot be pruned.</source>
        <translation>Die Kanäle dieses Gewichts können nicht entfernt werden.</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>regulariser, before λ</source>
        <translation>Regularisierer, vor λ</translation>
    </message>
    <message>
        <source>top-1 on the test images, %</source>
        <translation>Top-1 auf den Testbildern, %</translation>
    </message>
    <message>
        <source>BOPs by open gates, % of FP32</source>
        <translation>BOPs nach offenen Gattern, % von FP32</translation>
    </message>
    <message>
        <source>expected BOPs, % of FP32</source>
        <translation>erwartete BOPs, % von FP32</translation>
    </message>
    <message>
        <source>gates shut for good</source>
        <translation>für immer geschlossene Gatter</translation>
    </message>
    <message>
        <source>channels kept, mean</source>
        <translation>bleibende Kanäle, Mittel</translation>
    </message>
    <message>
        <source>smallest value</source>
        <translation>kleinster Wert</translation>
    </message>
    <message>
        <source>largest value</source>
        <translation>größter Wert</translation>
    </message>
    <message>
        <source>values outside the range, %</source>
        <translation>Werte außerhalb des Bereichs, %</translation>
    </message>
    <message>
        <source>kept &gt; %1</source>
        <translation>bleibt &gt; %1</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>fine-tuning</source>
        <translation>Feinabstimmung</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>the file holds no JSON object</source>
        <translation>die Datei enthält kein JSON-Objekt</translation>
    </message>
    <message>
        <source>%1 at byte %2</source>
        <translation>%1 bei Byte %2</translation>
    </message>
    <message>
        <source>the value of &quot;%1&quot; is not of the expected kind</source>
        <translation>der Wert von „%1“ ist nicht von der erwarteten Art</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::BitDelegate</name>
    <message>
        <source>Bit width</source>
        <translation>Bitbreite</translation>
    </message>
    <message>
        <source>The widths that are legal here.</source>
        <translation>Die Breiten, die hier erlaubt sind.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::BudgetRow</name>
    <message>
        <source>&amp;Budget</source>
        <translation>&amp;Budget</translation>
    </message>
    <message>
        <source>Take plan</source>
        <translation>Plan übernehmen</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Shows the best plan for each budget while it moves, on a logarithmic scale.</source>
        <translation>Zeigt beim Ziehen den besten Plan für jedes Budget, auf logarithmischer Skala.</translation>
    </message>
    <message>
        <source>Budget as a number</source>
        <translation>Budget als Zahl</translation>
    </message>
    <message>
        <source>The same budget, to be typed.</source>
        <translation>Dasselbe Budget zum Eintippen.</translation>
    </message>
    <message>
        <source>% BOPs</source>
        <translation>% BOPs</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Unit of the budget</source>
        <translation>Einheit des Budgets</translation>
    </message>
    <message>
        <source>Bit operations in percent of FP32, or stored bytes.</source>
        <translation>Bitoperationen in Prozent von FP32 oder gespeicherte Bytes.</translation>
    </message>
    <message>
        <source>Proof of the plan</source>
        <translation>Nachweis des Plans</translation>
    </message>
    <message>
        <source>Makes the plan on show the one being edited. Undo brings the old one back.</source>
        <translation>Macht den gezeigten Plan zum bearbeiteten. Rückgängig bringt den alten zurück.</translation>
    </message>
    <message>
        <source>Goes back to the plan being edited.</source>
        <translation>Kehrt zum bearbeiteten Plan zurück.</translation>
    </message>
    <message>
        <source>proven optimal</source>
        <translation>nachweislich optimal</translation>
    </message>
    <message>
        <source>gap %1 %2</source>
        <translation>Lücke %1 %2</translation>
    </message>
    <message>
        <source>How far the plan&apos;s predicted loss may be from the best possible one within the budget.</source>
        <translation>Wie weit der vorhergesagte Verlust des Plans höchstens vom bestmöglichen innerhalb des Budgets entfernt ist.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::ByteMap</name>
    <message>
        <source>Byte map</source>
        <translation>Byte-Karte</translation>
    </message>
    <message>
        <source>Arrow keys move from region to region and from line to line, Return chooses one.</source>
        <translation>Die Pfeiltasten gehen von Bereich zu Bereich und von Zeile zu Zeile, die Eingabetaste wählt einen.</translation>
    </message>
    <message>
        <source>%1 from offset %2</source>
        <translation>%1 ab Byte %2</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::ChannelRangesPlot</name>
    <message>
        <source>Range of the weights in each channel</source>
        <translation>Wertebereich der Gewichte je Kanal</translation>
    </message>
    <message>
        <source>Output channel</source>
        <translation>Ausgabekanal</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Select a layer to see the range of each of its channels.</source>
        <translation>Wählen Sie eine Schicht aus, um den Wertebereich jedes ihrer Kanäle zu sehen.</translation>
    </message>
    <message>
        <source>Smallest to largest weight</source>
        <translation>Kleinstes bis größtes Gewicht</translation>
    </message>
    <message>
        <source>Range of the grid</source>
        <translation>Bereich des Gitters</translation>
    </message>
    <message>
        <source>Channels with clipped weights: %1 of %2</source>
        <translation>Kanäle mit abgeschnittenen Gewichten: %1 von %2</translation>
    </message>
    <message>
        <source>Channel %1
Weights %2 to %3</source>
        <translation>Kanal %1
Gewichte %2 bis %3</translation>
    </message>
    <message>
        <source>Grid %1 to %2</source>
        <translation>Gitter %1 bis %2</translation>
    </message>
    <message>
        <source>Some weights are clipped</source>
        <translation>Einige Gewichte werden abgeschnitten</translation>
    </message>
    <message>
        <source>No weight is clipped</source>
        <translation>Kein Gewicht wird abgeschnitten</translation>
    </message>
    <message>
        <source>Range of the activations in each channel</source>
        <translation>Bereich der Aktivierungen in jedem Kanal</translation>
    </message>
    <message>
        <source>Input channel</source>
        <translation>Eingabekanal</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>Choose data in the Evaluate panel to see here what each channel that the layer reads holds on its first training images.</source>
        <translation>Wählen Sie Daten im Bereich „Auswerten“, um hier zu sehen, was jeder Kanal, den die Schicht liest, auf den ersten Trainingsbildern enthält.</translation>
    </message>
    <message>
        <source>Smallest to largest activation</source>
        <translation>Kleinste bis größte Aktivierung</translation>
    </message>
    <message>
        <source>Channels with clipped activations: %1 of %2</source>
        <translation>Kanäle mit abgeschnittenen Aktivierungen: %1 von %2</translation>
    </message>
    <message>
        <source>Channel %1
Activations %2 to %3</source>
        <translation>Kanal %1
Aktivierungen %2 bis %3</translation>
    </message>
    <message>
        <source>Some activations are clipped</source>
        <translation>Einige Aktivierungen werden abgeschnitten</translation>
    </message>
    <message>
        <source>No activation is clipped</source>
        <translation>Keine Aktivierung wird abgeschnitten</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::CodesPlot</name>
    <message>
        <source>Histogram of the codes</source>
        <translation>Histogramm der Codes</translation>
    </message>
    <message>
        <source>%1 of %2 codes occur; entropy %3 of %4 bits</source>
        <translation>%1 von %2 Codes kommen vor; Entropie %3 von %4 Bit</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Select a layer to see how often each of its codes occurs.</source>
        <translation>Wählen Sie eine Schicht, um zu sehen, wie oft jeder ihrer Codes vorkommt.</translation>
    </message>
    <message>
        <source>Weights per code</source>
        <translation>Gewichte je Code</translation>
    </message>
    <message numerus="yes">
        <source>Weights per %n codes</source>
        <translation>
            <numerusform>Gewichte je %n Code</numerusform>
            <numerusform>Gewichte je %n Codes</numerusform>
        </translation>
    </message>
    <message>
        <source>Code %1</source>
        <translation>Code %1</translation>
    </message>
    <message>
        <source>Codes %1 to %2</source>
        <translation>Codes %1 bis %2</translation>
    </message>
    <message>
        <source>%1
Weights: %2 (%3)</source>
        <translation>%1
Gewichte: %2 (%3)</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::CostStrip</name>
    <message>
        <source>Cost of the plan</source>
        <translation>Kosten des Plans</translation>
    </message>
    <message>
        <source>&amp;Against</source>
        <translation>&amp;Gegenüber</translation>
    </message>
    <message>
        <source>Change against</source>
        <translation>Änderung gegenüber</translation>
    </message>
    <message>
        <source>What the changes in brackets are measured from.</source>
        <translation>Woran die Änderungen in Klammern gemessen werden.</translation>
    </message>
    <message>
        <source>What the shown plan costs, counted anew at each edit. In brackets the change against the plan on the right; a click on a figure opens what it is made of. The budget below finds the plan with the least predicted loss that costs no more; it is proven optimal for the sensitivity table.</source>
        <translation>Was der gezeigte Plan kostet, bei jeder Änderung neu gezählt. In Klammern die Änderung gegenüber dem Plan rechts; ein Klick auf eine Zahl öffnet, woraus sie besteht. Das Budget darunter findet den Plan mit dem kleinsten vorhergesagten Verlust, der nicht mehr kostet; für die Empfindlichkeitstabelle ist er bewiesen der beste.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::ErrorPlot</name>
    <message>
        <source>Min-max</source>
        <translation>Min-Max</translation>
    </message>
    <message>
        <source>Percentile</source>
        <translation>Perzentil</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>Quantization error by bits and observer</source>
        <translation>Quantisierungsfehler nach Bits und Beobachter</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Mean squared error of the weights</source>
        <translation>Mittlerer quadratischer Fehler der Gewichte</translation>
    </message>
    <message>
        <source>Select a layer to see its quantization error at each bit width.</source>
        <translation>Wählen Sie eine Schicht aus, um ihren Quantisierungsfehler bei jeder Bitbreite zu sehen.</translation>
    </message>
    <message>
        <source>Without any error, below this axis: %1</source>
        <translation>Ganz ohne Fehler, unterhalb dieser Achse: %1</translation>
    </message>
    <message>
        <source>%1, bits: %2
Mean squared error %3</source>
        <translation>%1, Bits: %2
Mittlerer quadratischer Fehler %3</translation>
    </message>
    <message>
        <source>Signal to quantization noise %1 dB</source>
        <translation>Signal zu Quantisierungsrauschen %1 dB</translation>
    </message>
    <message>
        <source>Click to take this observer and width</source>
        <translation>Klick übernimmt diesen Beobachter und diese Breite</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::FilterLine</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Words and conditions such as bits&lt;=4; Up and Down recall earlier filters.</source>
        <translation>Wörter und Bedingungen wie bits&lt;=4; Auf und Ab holen frühere Filter zurück.</translation>
    </message>
    <message>
        <source>Words match names; conditions compare: bits&lt;=4, op:conv, share&gt;5%, sens&gt;p90, locked.
Blanks mean and, | means or, - means not.</source>
        <translation>Wörter passen auf Namen; Bedingungen vergleichen: bits&lt;=4, op:conv, share&gt;5%, sens&gt;p90, locked.
Leerzeichen heißt und, | heißt oder, - heißt nicht.</translation>
    </message>
    <message>
        <source>Error in the filter</source>
        <translation>Fehler im Filter</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::FrontierPlot</name>
    <message>
        <source>Frontier: quality of plans against their cost</source>
        <translation>Front: Güte der Pläne gegen ihre Kosten</translation>
    </message>
    <message>
        <source>Budget %1</source>
        <translation>Budget %1</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>%1, predicted</source>
        <translation>%1, vorhergesagt</translation>
    </message>
    <message>
        <source>%1, measured</source>
        <translation>%1, gemessen</translation>
    </message>
    <message>
        <source>%1, the same bits everywhere</source>
        <translation>%1, überall dieselben Bits</translation>
    </message>
    <message>
        <source>The plan being edited</source>
        <translation>Der bearbeitete Plan</translation>
    </message>
    <message>
        <source>BOPs %1 of FP32, %2 stored</source>
        <translation>BOPs %1 von FP32, %2 gespeichert</translation>
    </message>
    <message>
        <source>Measured top-1 %1</source>
        <translation>Top-1 gemessen %1</translation>
    </message>
    <message>
        <source>Predicted loss %1</source>
        <translation>Vorhergesagter Verlust %1</translation>
    </message>
    <message>
        <source>Proven optimal for its budget</source>
        <translation>Nachweislich optimal für sein Budget</translation>
    </message>
    <message>
        <source>Click to preview this plan</source>
        <translation>Klick zeigt diesen Plan als Vorschau</translation>
    </message>
    <message>
        <source>Click to show this plan</source>
        <translation>Klick zeigt diesen Plan</translation>
    </message>
    <message>
        <source>Drag with Ctrl, or with the brush: look at the plans in a rectangle alone; Ctrl and arrows: the same from plan to plan; Escape: look at all of them.</source>
        <translation>Ziehen mit Strg oder mit dem Rahmen: nur die Pläne in einem Rechteck ansehen; Strg und Pfeiltasten: dasselbe von Plan zu Plan; Esc: alle ansehen.</translation>
    </message>
    <message>
        <source>%1 to %2 stored</source>
        <translation>%1 bis %2 gespeichert</translation>
    </message>
    <message>
        <source>BOPs %1 to %2</source>
        <translation>BOPs %1 bis %2</translation>
    </message>
    <message>
        <source>top-1 %1 to %2</source>
        <translation>Top-1 %1 bis %2</translation>
    </message>
    <message>
        <source>predicted loss %1 to %2</source>
        <translation>vorhergesagter Verlust %1 bis %2</translation>
    </message>
    <message>
        <source>Brushed: %1 of %2 plans, %3, %4</source>
        <translation>Eingerahmt: %1 von %2 Plänen, %3, %4</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::GateMap</name>
    <message>
        <source>Gates of all layers</source>
        <translation>Gatter aller Schichten</translation>
    </message>
    <message>
        <source>%1: no weight is quantized here</source>
        <translation>%1: hier wird kein Gewicht quantisiert</translation>
    </message>
    <message>
        <source>%1: no activation is quantized after it</source>
        <translation>%1: danach wird keine Aktivierung quantisiert</translation>
    </message>
    <message>
        <source>%1
Channels are kept with probability %2 on average.</source>
        <translation>%1
Kanäle bleiben im Mittel mit Wahrscheinlichkeit %2.</translation>
    </message>
    <message numerus="yes">
        <source>%1
Evaluation would take %n bit(s) now.</source>
        <translation>
            <numerusform>%1
Die Auswertung nähme jetzt %n Bit.</numerusform>
            <numerusform>%1
Die Auswertung nähme jetzt %n Bits.</numerusform>
        </translation>
    </message>
    <message>
        <source>Open in evaluation (above 0.66).</source>
        <translation>Bei der Auswertung offen (über 0,66).</translation>
    </message>
    <message>
        <source>Shut in evaluation, can still open while training.</source>
        <translation>Bei der Auswertung geschlossen, kann im Training noch öffnen.</translation>
    </message>
    <message>
        <source>Shut for good: at or below 0.40 (logit −2) nothing opens it again.</source>
        <translation>Für immer geschlossen: bei 0,40 oder darunter (Logit −2) öffnet es nichts mehr.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n bit(s)
P(open) = %2
%3</source>
        <translation>
            <numerusform>%1, %n Bit
P(offen) = %2
%3</numerusform>
            <numerusform>%1, %n Bits
P(offen) = %2
%3</numerusform>
        </translation>
    </message>
    <message>
        <source>It does not count: a lower level is shut.</source>
        <translation>Es zählt nicht: eine niedrigere Stufe ist geschlossen.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::HeatMap</name>
    <message>
        <source>Heat map</source>
        <translation>Wärmekarte</translation>
    </message>
    <message>
        <source>%1, bits: %2</source>
        <translation>%1, Bits: %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: not measured yet</source>
        <translation>%1: noch nicht gemessen</translation>
    </message>
    <message>
        <source>Used by the plan</source>
        <translation>Vom Plan verwendet</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::HistogramPlot</name>
    <message>
        <source>Histogram of the weights</source>
        <translation>Histogramm der Gewichte</translation>
    </message>
    <message>
        <source>Histogram of the activations</source>
        <translation>Histogramm der Aktivierungen</translation>
    </message>
    <message>
        <source>Floating point: nothing is rounded or clipped</source>
        <translation>Gleitkomma: Nichts wird gerundet oder abgeschnitten</translation>
    </message>
    <message>
        <source>Pruned: every value becomes 0</source>
        <translation>Entfernt: Jeder Wert wird 0</translation>
    </message>
    <message>
        <source>Nothing is clipped.</source>
        <translation>Nichts wird abgeschnitten.</translation>
    </message>
    <message>
        <source>%1 of the weights are clipped.</source>
        <translation>%1 der Gewichte werden abgeschnitten.</translation>
    </message>
    <message>
        <source>%1 of the activations are clipped.</source>
        <translation>%1 der Aktivierungen werden abgeschnitten.</translation>
    </message>
    <message>
        <source>Bits: %1</source>
        <translation>Bits: %1</translation>
    </message>
    <message>
        <source>levels: %1</source>
        <translation>Stufen: %1</translation>
    </message>
    <message>
        <source>grid of channel %1</source>
        <translation>Gitter von Kanal %1</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>Aktivierung</translation>
    </message>
    <message>
        <source>Weights per bin</source>
        <translation>Gewichte je Klasse</translation>
    </message>
    <message>
        <source>Activations per bin</source>
        <translation>Aktivierungen je Klasse</translation>
    </message>
    <message>
        <source>Select a layer to see how its weights are distributed.</source>
        <translation>Wählen Sie eine Schicht aus, um die Verteilung ihrer Gewichte zu sehen.</translation>
    </message>
    <message>
        <source>Activations appear here once calibration images have been run.</source>
        <translation>Aktivierungen erscheinen hier, sobald Kalibrierbilder gerechnet wurden.</translation>
    </message>
    <message>
        <source>%1 to %2
Values: %3 (%4)</source>
        <translation>%1 bis %2
Werte: %3 (%4)</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::LayerTable</name>
    <message>
        <source>Filter layers: bits&lt;=4 op:conv share&gt;5%</source>
        <translation>Schichten filtern: bits&lt;=4 op:conv share&gt;5%</translation>
    </message>
    <message>
        <source>Matching layers</source>
        <translation>Passende Schichten</translation>
    </message>
    <message>
        <source>%1 of %2 layers</source>
        <translation>%1 von %2 Schichten</translation>
    </message>
    <message>
        <source>%1 layers</source>
        <translation>%1 Schichten</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::LayerTreeView</name>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Layers of the plan. Type a number to set the bits of the selected layers; w and a choose weights or activations, f is FP32, p is pruned, l locks.</source>
        <translation>Schichten des Plans. Tippen Sie eine Zahl, um die Bits der ausgewählten Schichten zu setzen; w und a wählen Gewichte oder Aktivierungen, f ist FP32, p entfernt, l sperrt.</translation>
    </message>
    <message>
        <source>Columns of the layer table</source>
        <translation>Spalten der Schichttabelle</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>Spalten zurücksetzen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copies the selected layers with all visible columns.</source>
        <translation>Kopiert die ausgewählten Schichten mit allen sichtbaren Spalten.</translation>
    </message>
    <message>
        <source>Paste bits</source>
        <translation>Bits einfügen</translation>
    </message>
    <message>
        <source>Sets bits from copied layers or numbers.</source>
        <translation>Setzt Bits aus kopierten Schichten oder Zahlen.</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Edits and searches leave the selected layers alone.</source>
        <translation>Änderungen und Suchen lassen die ausgewählten Schichten in Ruhe.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Freigeben</translation>
    </message>
    <message>
        <source>Edits and searches may change the selected layers.</source>
        <translation>Änderungen und Suchen dürfen die ausgewählten Schichten ändern.</translation>
    </message>
    <message>
        <source>Lock or unlock</source>
        <translation>Sperren oder freigeben</translation>
    </message>
    <message>
        <source>Locks the selected layers, or unlocks them if all are locked.</source>
        <translation>Sperrt die ausgewählten Schichten oder gibt sie frei, wenn alle gesperrt sind.</translation>
    </message>
    <message>
        <source>Expand all</source>
        <translation>Alle ausklappen</translation>
    </message>
    <message>
        <source>Shows the layers of all scopes.</source>
        <translation>Zeigt die Schichten aller Bereiche.</translation>
    </message>
    <message>
        <source>Ctrl+Shift+E</source>
        <translation>Ctrl+Shift+E</translation>
    </message>
    <message>
        <source>Collapse all</source>
        <translation>Alle einklappen</translation>
    </message>
    <message>
        <source>Shows the outermost scopes only.</source>
        <translation>Zeigt nur die äußersten Bereiche.</translation>
    </message>
    <message>
        <source>Ctrl+Shift+W</source>
        <translation>Ctrl+Shift+W</translation>
    </message>
    <message>
        <source>Filter layers</source>
        <translation>Schichten filtern</translation>
    </message>
    <message>
        <source>Goes to the filter line.</source>
        <translation>Geht zur Filterzeile.</translation>
    </message>
    <message>
        <source>Select the layers whose bits are to change.</source>
        <translation>Wählen Sie die Schichten aus, deren Bits sich ändern sollen.</translation>
    </message>
    <message>
        <source>Select the layers to copy.</source>
        <translation>Wählen Sie die Schichten aus, die kopiert werden sollen.</translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation>Gewichtsbits</translation>
    </message>
    <message>
        <source>Activation bits</source>
        <translation>Aktivierungsbits</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::OptionField</name>
    <message>
        <source>Option %1</source>
        <translation>Option %1</translation>
    </message>
    <message>
        <source>On the command line: --%1</source>
        <translation>Auf der Kommandozeile: --%1</translation>
    </message>
    <message>
        <source>In the published program: --%1</source>
        <translation>Im veröffentlichten Programm: --%1</translation>
    </message>
    <message>
        <source>Not available: %1.</source>
        <translation>Nicht verfügbar: %1.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::OptionForm</name>
    <message numerus="yes">
        <source>%1 (%n changed)</source>
        <translation>
            <numerusform>%1 (%n geändert)</numerusform>
            <numerusform>%1 (%n geändert)</numerusform>
        </translation>
    </message>
    <message>
        <source>Show or hide these options.</source>
        <translation>Diese Optionen zeigen oder verbergen.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::PaintedChart</name>
    <message>
        <source>Arrow keys move from part to part, Return chooses one.</source>
        <translation>Pfeiltasten gehen von Teil zu Teil, die Eingabetaste wählt einen.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::PlanDiffModel</name>
    <message>
        <source>%1 in %2, %3 in %4</source>
        <translation>%1 in %2, %3 in %4</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>BOPs, % of FP32</source>
        <translation>BOPs, % von FP32</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Predicted loss, %1</source>
        <translation>Vorhergesagter Verlust, %1</translation>
    </message>
    <message>
        <source>Measured accuracy</source>
        <translation>Gemessene Genauigkeit</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>%1, W</source>
        <translation>%1, W</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>Bits of the weights in %1.</source>
        <translation>Bits der Gewichte in %1.</translation>
    </message>
    <message>
        <source>Bits of the activations in %1.</source>
        <translation>Bits der Aktivierungen in %1.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::Plot</name>
    <message>
        <source>Wheel: zoom along the horizontal axis, with Ctrl both, with Shift the vertical one. Drag: move. Double-click or 0: everything. Arrows: from point to point, Return: choose it. Shift and arrows: move the line, Page Down: take the next line.</source>
        <translation>Mausrad: waagrechte Achse vergrößern, mit Strg beide, mit Umschalt die senkrechte. Ziehen: verschieben. Doppelklick oder 0: alles. Pfeile: von Punkt zu Punkt, Eingabetaste: wählen. Umschalt und Pfeile: die Linie verschieben, Bild ab: die nächste Linie nehmen.</translation>
    </message>
    <message>
        <source>zoomed, double-click resets</source>
        <translation>vergrößert, Doppelklick setzt zurück</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::PrecisionBars</name>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>%1, bits: %2
%3 (%4)
Click to select its layers</source>
        <translation>%1, Bits: %2
%3 (%4)
Klick wählt die Schichten aus</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: %2 %</source>
        <translation>%1: %2 %</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Share of parameters, MACs and bytes by bit width</source>
        <translation>Anteil an Parametern, MACs und Bytes nach Bitbreite</translation>
    </message>
    <message>
        <source>Open a model to see how its precision is distributed.</source>
        <translation>Öffnen Sie ein Modell, um die Verteilung seiner Bitbreiten zu sehen.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::RunLayerModel</name>
    <message>
        <source>%1 % of the FP32 network&apos;s bit operations</source>
        <translation>%1 % der Bitoperationen des FP32-Netzes</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>In execution order.</source>
        <translation>In der Reihenfolge der Ausführung.</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>W bits</source>
        <translation>G-Bits</translation>
    </message>
    <message>
        <source>Width of the weight by the gates that are open in evaluation.</source>
        <translation>Breite des Gewichts nach den Gattern, die bei der Auswertung offen sind.</translation>
    </message>
    <message>
        <source>A bits</source>
        <translation>A-Bits</translation>
    </message>
    <message>
        <source>Width of what the layer reads. The network&apos;s input counts 8 bits.</source>
        <translation>Breite dessen, was die Schicht liest. Die Eingabe des Netzes zählt 8 Bits.</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Bleibt</translation>
    </message>
    <message>
        <source>Share of the layer&apos;s output channels that are not pruned.</source>
        <translation>Anteil der Ausgabekanäle der Schicht, die nicht entfernt sind.</translation>
    </message>
    <message>
        <source>BOPs share</source>
        <translation>BOPs-Anteil</translation>
    </message>
    <message>
        <source>The layer&apos;s part of the run&apos;s bit operations.</source>
        <translation>Der Teil der Schicht an den Bitoperationen des Laufs.</translation>
    </message>
    <message>
        <source>Regulariser</source>
        <translation>Regularisierer</translation>
    </message>
    <message>
        <source>What the layer&apos;s gates add to the regulariser, before λ: its weight&apos;s part, and its part of what it reads.</source>
        <translation>Was die Gatter der Schicht zum Regularisierer beitragen, vor λ: der Anteil ihres Gewichts und ihr Anteil an dem, was sie liest.</translation>
    </message>
</context>
<context>
    <name>bitloom::ui::TransitionMatrix</name>
    <message>
        <source>Activation bits</source>
        <translation>Aktivierungsbits</translation>
    </message>
    <message>
        <source>Weight bits</source>
        <translation>Gewichtsbits</translation>
    </message>
    <message>
        <source>Number: layers, colour: MACs</source>
        <translation>Zahl: Schichten, Farbe: MACs</translation>
    </message>
    <message>
        <source>Activation bits: %1, weight bits: %2
Layers: %3
MACs: %4 (%5)
Click to select these layers</source>
        <translation>Aktivierungsbits: %1, Gewichtsbits: %2
Schichten: %3
MACs: %4 (%5)
Klick wählt diese Schichten aus</translation>
    </message>
    <message>
        <source>Layers by activation and weight bits</source>
        <translation>Schichten nach Aktivierungs- und Gewichtsbits</translation>
    </message>
    <message>
        <source>Open a model to see which bit widths feed which.</source>
        <translation>Öffnen Sie ein Modell, um zu sehen, welche Bitbreiten in welche münden.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::AboutDialog</name>
    <message>
        <source>About Bitloom</source>
        <translation>Über Bitloom</translation>
    </message>
    <message>
        <source>Bitloom&apos;s sign</source>
        <translation>Zeichen von Bitloom</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Bitloom&lt;/b&gt;&lt;br&gt;Mixed-precision quantization of neural networks.&lt;/p&gt;&lt;p&gt;The window is free software under the GPL, version 3 or later; the engine and the command line program are under the Apache licence 2.0. No warranty.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Bitloom&lt;/b&gt;&lt;br&gt;Quantisierung neuronaler Netze mit gemischter Genauigkeit.&lt;/p&gt;&lt;p&gt;Das Fenster ist freie Software unter der GPL, Version 3 oder neuer; der Rechenkern und das Kommandozeilenprogramm stehen unter der Apache-Lizenz 2.0. Ohne Gewähr.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Diagnostics</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Versions and system, for a report of a fault.</source>
        <translation>Versionen und System, für eine Fehlermeldung.</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>Diagnose kopieren</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ActionRegistry</name>
    <message>
        <source>Not available: %1</source>
        <translation>Nicht verfügbar: %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ArchitectureDialog</name>
    <message>
        <source>Which architecture?</source>
        <translation>Welche Architektur?</translation>
    </message>
    <message>
        <source>%1 holds weights only. Which network are they for?</source>
        <translation>%1 enthält nur Gewichte. Zu welchem Netz gehören sie?</translation>
    </message>
    <message numerus="yes">
        <source>The guesses compare names and shapes of its %n tensor(s) with the built-in networks.</source>
        <translation>
            <numerusform>Die Vermutungen vergleichen Namen und Form seines %n Tensors mit den eingebauten Netzen.</numerusform>
            <numerusform>Die Vermutungen vergleichen Namen und Formen seiner %n Tensoren mit den eingebauten Netzen.</numerusform>
        </translation>
    </message>
    <message>
        <source>Guesses, best first</source>
        <translation>Vermutungen, die beste zuerst</translation>
    </message>
    <message>
        <source>No built-in network is near; all of them</source>
        <translation>Kein eingebautes Netz passt annähernd; alle</translation>
    </message>
    <message>
        <source>Others, smallest first</source>
        <translation>Übrige, das kleinste zuerst</translation>
    </message>
    <message>
        <source>Open by name</source>
        <translation>Nach Namen öffnen</translation>
    </message>
    <message>
        <source>Which network?</source>
        <translation>Welches Netz?</translation>
    </message>
    <message>
        <source>It starts with random weights: to see costs, to plan, or to be trained.</source>
        <translation>Es beginnt mit zufälligen Gewichten: um Kosten zu sehen, zu planen oder zu trainieren.</translation>
    </message>
    <message>
        <source>Built-in networks, smallest first</source>
        <translation>Eingebaute Netze, das kleinste zuerst</translation>
    </message>
    <message>
        <source>Filter by name</source>
        <translation>Nach Namen filtern</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Shows only networks whose name holds this text.</source>
        <translation>Zeigt nur Netze, deren Name diesen Text enthält.</translation>
    </message>
    <message>
        <source>Architectures</source>
        <translation>Architekturen</translation>
    </message>
    <message>
        <source>Enter opens the current one.</source>
        <translation>Die Eingabetaste öffnet die aktuelle.</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Input shape</source>
        <translation>Eingabeform</translation>
    </message>
    <message>
        <source>Shape of the input at batch 1; empty: the network&apos;s own.</source>
        <translation>Form der Eingabe bei Batch 1; leer: die des Netzes.</translation>
    </message>
    <message>
        <source>&amp;Input shape</source>
        <translation>&amp;Eingabeform</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Attach a graph...</source>
        <translation>Graphen anhängen...</translation>
    </message>
    <message>
        <source>None of these: open a TorchScript export of the same model instead, which brings graph and weights.</source>
        <translation>Keines davon: stattdessen einen TorchScript-Export desselben Modells öffnen, der Graph und Gewichte mitbringt.</translation>
    </message>
    <message>
        <source>fits: every name and shape agrees</source>
        <translation>passt: alle Namen und Formen stimmen überein</translation>
    </message>
    <message>
        <source>%1 of %2 tensors agree</source>
        <translation>%1 von %2 Tensoren stimmen überein</translation>
    </message>
    <message>
        <source>%1 parameters, input %2</source>
        <translation>%1 Parameter, Eingabe %2</translation>
    </message>
    <message>
        <source>The input shape has to be whole numbers with commas, like 1,3,224,224.</source>
        <translation>Die Eingabeform besteht aus ganzen Zahlen mit Kommas, wie 1,3,224,224.</translation>
    </message>
    <message>
        <source>Convert...</source>
        <translation>Umwandeln...</translation>
    </message>
    <message>
        <source>Write the weights into another kind of file, without a network.</source>
        <translation>Die Gewichte ohne ein Netz in eine Datei anderer Art schreiben.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::BudgetAssistant</name>
    <message>
        <source>A budget needs the sensitivity table: measure it first.</source>
        <translation>Ein Budget braucht zuerst die Empfindlichkeitsmessung.</translation>
    </message>
    <message>
        <source>A budget needs a model: open one first.</source>
        <translation>Ein Budget braucht ein Modell: Öffnen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>allocate for %1</source>
        <translation>Zuteilung für %1</translation>
    </message>
    <message>
        <source>allocate for %1 BOPs</source>
        <translation>Zuteilung für %1 BOPs</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ByteBar</name>
    <message>
        <source>Parts of the file</source>
        <translation>Teile der Datei</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ClassChangeModel</name>
    <message>
        <source>%1: %2 % right without a plan, %3 % with %4</source>
        <translation>%1: %2 % richtig ohne Plan, %3 % mit %4</translation>
    </message>
    <message>
        <source>Images right under %1, in points against the model without a plan.</source>
        <translation>Richtige Bilder unter %1, in Punkten gegenüber dem Modell ohne Plan.</translation>
    </message>
    <message>
        <source>%1 pt</source>
        <translation>%1 Pkt.</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Float %</source>
        <translation>Ohne Plan %</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CloseGuard</name>
    <message>
        <source>Save the plans before closing?</source>
        <translation>Pläne vor dem Schließen speichern?</translation>
    </message>
    <message>
        <source>Save the plans before another model takes their place?</source>
        <translation>Pläne speichern, bevor ein anderes Modell an ihre Stelle tritt?</translation>
    </message>
    <message>
        <source>Unsaved plans</source>
        <translation>Nicht gespeicherte Pläne</translation>
    </message>
    <message>
        <source>%1 has changes that are not saved.</source>
        <translation>%1 hat Änderungen, die nicht gespeichert sind.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>Änderungen verwerfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Jobs are running</source>
        <translation>Jobs laufen</translation>
    </message>
    <message numerus="yes">
        <source>%n job(s) still run. Stop and close?</source>
        <translation>
            <numerusform>%n Job läuft noch. Anhalten und schließen?</numerusform>
            <numerusform>%n Jobs laufen noch. Anhalten und schließen?</numerusform>
        </translation>
    </message>
    <message>
        <source>A stopped sensitivity sweep is continued when it is started again; an unfinished export leaves no file.</source>
        <translation>Eine angehaltene Empfindlichkeitsmessung geht beim nächsten Start weiter; ein unfertiger Export hinterlässt keine Datei.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>Keep working</source>
        <translation>Weiterarbeiten</translation>
    </message>
    <message>
        <source>Stopping the running jobs.</source>
        <translation>Die laufenden Jobs werden angehalten.</translation>
    </message>
    <message>
        <source>The window closes by itself when they have ended.</source>
        <translation>Das Fenster schließt sich von selbst, wenn sie beendet sind.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Befehlspalette</translation>
    </message>
    <message>
        <source>Type an action, a plan or a layer</source>
        <translation>Aktion, Plan oder Schicht eintippen</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Letters of the name in their order; Up and Down choose, Return runs.</source>
        <translation>Buchstaben des Namens in ihrer Reihenfolge; Auf und Ab wählen, die Eingabetaste führt aus.</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>Gefunden</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ComparePanel</name>
    <message>
        <source>Plans</source>
        <translation>Pläne</translation>
    </message>
    <message>
        <source>Choose the plans to compare.</source>
        <translation>Wählen Sie die Pläne, die verglichen werden.</translation>
    </message>
    <message>
        <source>Differences only</source>
        <translation>Nur Unterschiede</translation>
    </message>
    <message>
        <source>Show only layers in which the plans differ.</source>
        <translation>Nur Schichten zeigen, in denen sich die Pläne unterscheiden.</translation>
    </message>
    <message>
        <source>Plans side by side</source>
        <translation>Pläne nebeneinander</translation>
    </message>
    <message>
        <source>Open a model to compare its plans layer by layer.</source>
        <translation>Öffnen Sie ein Modell, um seine Pläne Schicht für Schicht zu vergleichen.</translation>
    </message>
    <message>
        <source>Duplicate the plan and edit the copy: both stand here side by side.</source>
        <translation>Duplizieren Sie den Plan und ändern Sie die Kopie: Hier stehen dann beide nebeneinander.</translation>
    </message>
    <message>
        <source>Choose at least two plans to compare.</source>
        <translation>Wählen Sie mindestens zwei Pläne zum Vergleichen.</translation>
    </message>
    <message numerus="yes">
        <source>Show only layers in which the plans differ: %n of them.</source>
        <translation>
            <numerusform>Nur Schichten zeigen, in denen sich die Pläne unterscheiden: %n davon.</numerusform>
            <numerusform>Nur Schichten zeigen, in denen sich die Pläne unterscheiden: %n davon.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is only one plan.</source>
        <translation>Es gibt nur einen Plan.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Plans side by side, layer by layer: which layers differ, and by how much.</source>
        <translation>Pläne nebeneinander, Schicht für Schicht: welche Schichten sich unterscheiden und wie sehr.</translation>
    </message>
    <message>
        <source>The plans that are brushed on the frontier are compared.</source>
        <translation>Verglichen werden die Pläne, die in der Front eingerahmt sind.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ConversionModel</name>
    <message>
        <source>✓ kept</source>
        <translation>✓ bleibt</translation>
    </message>
    <message>
        <source>≈ changed</source>
        <translation>≈ geändert</translation>
    </message>
    <message>
        <source>✗ lost</source>
        <translation>✗ verloren</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Name in the file.</source>
        <translation>Name in der Datei.</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>In der Datei</translation>
    </message>
    <message>
        <source>Kept: the same values with the same meaning. Changed: they stand there in another way, or rounded. Lost: something of it is not there.</source>
        <translation>Bleibt: dieselben Werte mit derselben Bedeutung. Geändert: Sie stehen anders oder gerundet da. Verloren: Etwas davon fehlt.</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>How the values are stored now.</source>
        <translation>Wie die Werte jetzt abgelegt sind.</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>How the values will be stored.</source>
        <translation>Wie die Werte abgelegt sein werden.</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Of the values with their scales, at most.</source>
        <translation>Der Werte mit ihren Skalen, höchstens.</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Of the tensor.</source>
        <translation>Des Tensors.</translation>
    </message>
    <message>
        <source>What is changed or lost</source>
        <translation>Was sich ändert oder verloren geht</translation>
    </message>
    <message>
        <source>Empty where the tensor is kept.</source>
        <translation>Leer, wo der Tensor bleibt.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ConversionView</name>
    <message>
        <source>Summary</source>
        <translation>Zusammenfassung</translation>
    </message>
    <message>
        <source>Not in the file</source>
        <translation>Nicht in der Datei</translation>
    </message>
    <message>
        <source>What becomes of each tensor</source>
        <translation>Was aus jedem Tensor wird</translation>
    </message>
    <message>
        <source>Not in the file: %1.</source>
        <translation>Nicht in der Datei: %1.</translation>
    </message>
    <message numerus="yes">
        <source>About %1. Of %n tensor(s), %2 kept, %3 changed, %4 lost.</source>
        <translation>
            <numerusform>Etwa %1. %n Tensor: %2 bleiben, %3 geändert, %4 verloren.</numerusform>
            <numerusform>Etwa %1. Von %n Tensoren bleiben %2, %3 ändern sich, %4 gehen verloren.</numerusform>
        </translation>
    </message>
    <message>
        <source>Note: %1.</source>
        <translation>Hinweis: %1.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ConvertDialog</name>
    <message>
        <source>Zero points of GPTQ</source>
        <translation>Nullpunkte von GPTQ</translation>
    </message>
    <message>
        <source>Files of version 1 store each zero point less one, those of version 2 as it is; this one does not say, or contradicts itself.</source>
        <translation>Dateien der Version 1 enthalten jeden Nullpunkt um eins vermindert, die der Version 2 unverändert; diese sagt es nicht oder widerspricht sich.</translation>
    </message>
    <message>
        <source>v1: stored less one</source>
        <translation>v1: um eins vermindert</translation>
    </message>
    <message>
        <source>v2: stored as they are</source>
        <translation>v2: unverändert</translation>
    </message>
    <message>
        <source>File to convert</source>
        <translation>Umzuwandelnde Datei</translation>
    </message>
    <message>
        <source>Any file of weights that Bitloom reads; it is never changed.</source>
        <translation>Jede Datei mit Gewichten, die Bitloom liest; sie wird nie verändert.</translation>
    </message>
    <message>
        <source>Packed HDF5, BitPack, HAWQ, GPTQ, AWQ, compressed-tensors, state dict</source>
        <translation>Gepacktes HDF5, BitPack, HAWQ, GPTQ, AWQ, compressed-tensors, State Dict</translation>
    </message>
    <message>
        <source>What it is</source>
        <translation>Was sie ist</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>An existing file is replaced only when the new one is complete.</source>
        <translation>Eine vorhandene Datei wird erst ersetzt, wenn die neue vollständig ist.</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Choose the file to convert</source>
        <translation>Umzuwandelnde Datei wählen</translation>
    </message>
    <message>
        <source>&amp;Into</source>
        <translation>&amp;In</translation>
    </message>
    <message>
        <source>&amp;Output</source>
        <translation>&amp;Ziel</translation>
    </message>
    <message>
        <source>Choose the file to write</source>
        <translation>Zieldatei wählen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the conversion</source>
        <translation>Umwandlung abbrechen</translation>
    </message>
    <message>
        <source>Stop; no file is left behind.</source>
        <translation>Anhalten; es bleibt keine Datei zurück.</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Show the folder of the new file.</source>
        <translation>Den Ordner der neuen Datei zeigen.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Convert</source>
        <translation>Umwandeln</translation>
    </message>
    <message>
        <source>Copy command line</source>
        <translation>Befehlszeile kopieren</translation>
    </message>
    <message>
        <source>Copy the command that does the same without a window.</source>
        <translation>Den Befehl kopieren, der dasselbe ohne Fenster tut.</translation>
    </message>
    <message>
        <source>Offset of BitPack</source>
        <translation>Versatz von BitPack</translation>
    </message>
    <message>
        <source>A whole number that is taken from the codes of the tensors for which the file states none.</source>
        <translation>Eine ganze Zahl, die von den Codes der Tensoren abgezogen wird, für die die Datei keine nennt.</translation>
    </message>
    <message>
        <source>&amp;Zero points</source>
        <translation>&amp;Nullpunkte</translation>
    </message>
    <message>
        <source>&amp;Layout</source>
        <translation>&amp;Anordnung</translation>
    </message>
    <message>
        <source>Off&amp;set</source>
        <translation>&amp;Versatz</translation>
    </message>
    <message>
        <source>Browse...</source>
        <translation>Durchsuchen...</translation>
    </message>
    <message>
        <source>Weights (*.h5 *.pth *.pt *.tar *.safetensors *.bin *.ckpt)</source>
        <translation>Gewichte (*.h5 *.pth *.pt *.tar *.safetensors *.bin *.ckpt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Choose a file to see what becomes of its tensors.</source>
        <translation>Wählen Sie eine Datei, um zu sehen, was aus ihren Tensoren wird.</translation>
    </message>
    <message>
        <source>Choose the file to write.</source>
        <translation>Wählen Sie die Zieldatei.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n tensor(s), %2</source>
        <translation>
            <numerusform>%1, %n Tensor, %2</numerusform>
            <numerusform>%1, %n Tensoren, %2</numerusform>
        </translation>
    </message>
    <message>
        <source>Convert %1</source>
        <translation>%1 umwandeln</translation>
    </message>
    <message>
        <source>%1 became %2, read back and compared</source>
        <translation>Aus %1 wurden %2, zurückgelesen und verglichen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 was not converted</source>
        <translation>%1 wurde nicht umgewandelt</translation>
    </message>
    <message>
        <source>Progress of the conversion</source>
        <translation>Fortschritt der Umwandlung</translation>
    </message>
    <message>
        <source>Convert a file</source>
        <translation>Datei umwandeln</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation>wie die Datei sagt</translation>
    </message>
    <message>
        <source>Layout of compressed-tensors</source>
        <translation>Anordnung in compressed-tensors</translation>
    </message>
    <message>
        <source>Codes of 3, 5, 6 and 7 bits lie padded in files before version 0.18 and dense since; this one does not say, and both would fit.</source>
        <translation>Codes mit 3, 5, 6 und 7 Bit liegen vor Version 0.18 aufgefüllt und seither dicht; diese Datei sagt es nicht, und beides würde passen.</translation>
    </message>
    <message>
        <source>padded: whole codes per word</source>
        <translation>aufgefüllt: ganze Codes je Wort</translation>
    </message>
    <message>
        <source>dense: one after the other</source>
        <translation>dicht: einer nach dem anderen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>The file does not say how it is to be read; answer above: %1.</source>
        <translation>Die Datei sagt nicht, wie sie zu lesen ist; antworten Sie oben: %1.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CostModel</name>
    <message>
        <source>plan is %1 smaller</source>
        <translation>Plan ist %1 kleiner</translation>
    </message>
    <message>
        <source>plan %1 points</source>
        <translation>Plan %1 Punkte</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Predicted loss (%1)</source>
        <translation>Vorhergesagter Verlust (%1)</translation>
    </message>
    <message>
        <source>Stored size</source>
        <translation>Gespeicherte Größe</translation>
    </message>
    <message>
        <source>BOPs (% of FP32)</source>
        <translation>BOPs (% von FP32)</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Top-1 accuracy</source>
        <translation>Top-1-Genauigkeit</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>This plan</source>
        <translation>Dieser Plan</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CostPanel</name>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Cost of the plan</source>
        <translation>Kosten des Plans</translation>
    </message>
    <message>
        <source>This plan beside the plans that it is compared with</source>
        <translation>Dieser Plan neben den Plänen, mit denen er verglichen wird</translation>
    </message>
    <message>
        <source>Precision distribution</source>
        <translation>Verteilung der Bitbreiten</translation>
    </message>
    <message>
        <source>Precision transitions</source>
        <translation>Übergänge der Bitbreiten</translation>
    </message>
    <message>
        <source>How much of the model has which weight bits</source>
        <translation>Wie viel des Modells welche Gewichtsbits hat</translation>
    </message>
    <message>
        <source>Which bits feed which</source>
        <translation>Welche Bits in welche münden</translation>
    </message>
    <message>
        <source>Open a model to see what its plans cost against FP32 and W8A8.</source>
        <translation>Öffnen Sie ein Modell, um zu sehen, was seine Pläne gegenüber FP32 und W8A8 kosten.</translation>
    </message>
    <message>
        <source>What the plan costs against FP32, W8A8 and the last measured plan, how its bits and bytes spread over the widths, and which width feeds which. Counted from the model and the plan.</source>
        <translation>Was der Plan gegenüber FP32, W8A8 und dem zuletzt gemessenen Plan kostet, wie sich seine Bits und Bytes auf die Breiten verteilen und welche Breite welche speist. Aus Modell und Plan gezählt.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::CostStripPresenter</name>
    <message>
        <source>last measured (%1)</source>
        <translation>zuletzt gemessen (%1)</translation>
    </message>
    <message>
        <source>KL, nats</source>
        <translation>KL, nats</translation>
    </message>
    <message>
        <source>squared error</source>
        <translation>quadratischer Fehler</translation>
    </message>
    <message>
        <source>points of top-1</source>
        <translation>Top-1-Punkte</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::DataChoice</name>
    <message>
        <source>Choose how many digits to generate.</source>
        <translation>Wählen Sie, wie viele Ziffern erzeugt werden.</translation>
    </message>
    <message>
        <source>Choose the folder of the images.</source>
        <translation>Wählen Sie den Ordner der Bilder.</translation>
    </message>
    <message>
        <source>training split</source>
        <translation>Trainingsteil</translation>
    </message>
    <message>
        <source>test split</source>
        <translation>Testteil</translation>
    </message>
    <message>
        <source>%1, %2, first %3 images</source>
        <translation>%1, %2, die ersten %3 Bilder</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::DataChoiceForm</name>
    <message>
        <source>Generated digits</source>
        <translation>Erzeugte Ziffern</translation>
    </message>
    <message>
        <source>MNIST folder</source>
        <translation>MNIST-Ordner</translation>
    </message>
    <message>
        <source>CIFAR-10 folder</source>
        <translation>CIFAR-10-Ordner</translation>
    </message>
    <message>
        <source>Image folder</source>
        <translation>Bilderordner</translation>
    </message>
    <message>
        <source>Kind of images</source>
        <translation>Art der Bilder</translation>
    </message>
    <message>
        <source>Where the images come from.</source>
        <translation>Woher die Bilder kommen.</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder of the images</source>
        <translation>Ordner der Bilder</translation>
    </message>
    <message>
        <source>The folder that holds the images.</source>
        <translation>Der Ordner, der die Bilder enthält.</translation>
    </message>
    <message>
        <source> digits</source>
        <translation> Ziffern</translation>
    </message>
    <message>
        <source>How many digits each split has.</source>
        <translation>Wie viele Ziffern jeder Teil hat.</translation>
    </message>
    <message>
        <source>Browse...</source>
        <translation>Durchsuchen...</translation>
    </message>
    <message>
        <source>Choose the folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose the folder of the images.</source>
        <translation>Wählen Sie den Ordner der Bilder.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Recent images</source>
        <translation>Zuletzt benutzte Bilder</translation>
    </message>
    <message>
        <source>Images that were used before.</source>
        <translation>Bilder, die schon benutzt wurden.</translation>
    </message>
    <message>
        <source>test split</source>
        <translation>Testteil</translation>
    </message>
    <message>
        <source>training split</source>
        <translation>Trainingsteil</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>The part of the images to measure on.</source>
        <translation>Der Teil der Bilder, an dem gemessen wird.</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>alle Bilder</translation>
    </message>
    <message>
        <source>first </source>
        <translation>erste </translation>
    </message>
    <message>
        <source> images</source>
        <translation> Bilder</translation>
    </message>
    <message>
        <source>Number of images</source>
        <translation>Anzahl der Bilder</translation>
    </message>
    <message>
        <source>Measure on the first images only; 0: on all.</source>
        <translation>Nur an den ersten Bildern messen; 0: an allen.</translation>
    </message>
    <message>
        <source>Calibration images</source>
        <translation>Kalibrierbilder</translation>
    </message>
    <message>
        <source>The ranges of the activations are found on the first images of the training split.</source>
        <translation>Die Bereiche der Aktivierungen werden an den ersten Bildern des Trainingsteils bestimmt.</translation>
    </message>
    <message>
        <source>C&amp;alibrate on</source>
        <translation>K&amp;alibrieren mit</translation>
    </message>
    <message>
        <source>c&amp;alibrate on</source>
        <translation>k&amp;alibrieren mit</translation>
    </message>
    <message>
        <source>No images were used yet.</source>
        <translation>Noch wurden keine Bilder benutzt.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::DialogActions</name>
    <message>
        <source>&amp;Settings...</source>
        <translation>&amp;Einstellungen...</translation>
    </message>
    <message>
        <source>Theme, language, device, threads and seed.</source>
        <translation>Farbschema, Sprache, Gerät, Threads und Startwert.</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts...</source>
        <translation>&amp;Tastenkürzel...</translation>
    </message>
    <message>
        <source>See and change the keys of all actions.</source>
        <translation>Die Tasten aller Aktionen ansehen und ändern.</translation>
    </message>
    <message>
        <source>&amp;What&apos;s this?</source>
        <translation>&amp;Was ist das?</translation>
    </message>
    <message>
        <source>Click a figure, a column or a panel to read what it is.</source>
        <translation>Eine Zahl, eine Spalte oder einen Bereich anklicken, um zu lesen, was es ist.</translation>
    </message>
    <message>
        <source>&amp;Copy diagnostics</source>
        <translation>Diagnose &amp;kopieren</translation>
    </message>
    <message>
        <source>Copy versions and system, for a report of a fault.</source>
        <translation>Versionen und System kopieren, für eine Fehlermeldung.</translation>
    </message>
    <message>
        <source>&amp;About Bitloom</source>
        <translation>&amp;Über Bitloom</translation>
    </message>
    <message>
        <source>Version, licences and diagnostics.</source>
        <translation>Version, Lizenzen und Diagnose.</translation>
    </message>
    <message>
        <source>Rename plan</source>
        <translation>Plan umbenennen</translation>
    </message>
    <message>
        <source>New name of the plan</source>
        <translation>Neuer Name des Plans</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::DifferenceModel</name>
    <message>
        <source>code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>zero point</source>
        <translation>Nullpunkt</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>the whole file</source>
        <translation>die ganze Datei</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Parameter or buffer of the model.</source>
        <translation>Parameter oder Puffer des Modells.</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Which of its numbers: codes, scales, zero points or values.</source>
        <translation>Welche seiner Zahlen: Codes, Skalen, Nullpunkte oder Werte.</translation>
    </message>
    <message>
        <source>Index</source>
        <translation>Index</translation>
    </message>
    <message>
        <source>Place among these numbers, counted from 0.</source>
        <translation>Stelle unter diesen Zahlen, ab 0 gezählt.</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>What the model gives under the file&apos;s plan.</source>
        <translation>Was das Modell unter dem Plan der Datei ergibt.</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>What the file holds.</source>
        <translation>Was die Datei enthält.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::EvaluatePanel</name>
    <message>
        <source>Measure the checked models</source>
        <translation>Die angehakten Modelle messen</translation>
    </message>
    <message>
        <source>Measured models</source>
        <translation>Gemessene Modelle</translation>
    </message>
    <message>
        <source>Changes per class</source>
        <translation>Änderungen je Klasse</translation>
    </message>
    <message>
        <source>the model without a plan</source>
        <translation>das Modell ohne Plan</translation>
    </message>
    <message>
        <source>Evaluate without a plan</source>
        <translation>Ohne Plan auswerten</translation>
    </message>
    <message>
        <source>Evaluate %1</source>
        <translation>%1 auswerten</translation>
    </message>
    <message>
        <source>%1 was not measured</source>
        <translation>%1 wurde nicht gemessen</translation>
    </message>
    <message>
        <source>Top-1 %1</source>
        <translation>Top-1 %1</translation>
    </message>
    <message>
        <source>%1, %2 points against the model without a plan</source>
        <translation>%1, %2 Punkte gegenüber dem Modell ohne Plan</translation>
    </message>
    <message>
        <source>The answers could not be compared</source>
        <translation>Die Antworten konnten nicht verglichen werden</translation>
    </message>
    <message>
        <source>Open a model to measure it and its plans on images, side by side.</source>
        <translation>Öffnen Sie ein Modell, um es und seine Pläne nebeneinander an Bildern zu messen.</translation>
    </message>
    <message>
        <source>Check the models to measure.</source>
        <translation>Haken Sie die Modelle an, die gemessen werden sollen.</translation>
    </message>
    <message numerus="yes">
        <source>Measure %n models</source>
        <translation>
            <numerusform>%n Modell messen</numerusform>
            <numerusform>%n Modelle messen</numerusform>
        </translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Measure the checked models on the same images.</source>
        <translation>Die angehakten Modelle an denselben Bildern messen.</translation>
    </message>
    <message>
        <source>Select a measured plan to see which images it answers otherwise than the model without a plan.</source>
        <translation>Wählen Sie einen gemessenen Plan, um zu sehen, welche Bilder er anders beantwortet als das Modell ohne Plan.</translation>
    </message>
    <message>
        <source>%1 answers %2 of %3 images otherwise than the model without a plan: %4 now wrong, %5 now right, %6 wrong in another way.</source>
        <translation>%1 beantwortet %2 von %3 Bildern anders als das Modell ohne Plan: %4 jetzt falsch, %5 jetzt richtig, %6 anders falsch.</translation>
    </message>
    <message>
        <source>Evaluate</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Accuracy of plans on chosen images, and which classes and images change their answer against the model without a plan. Measured by running the quantized network.</source>
        <translation>Genauigkeit von Plänen auf gewählten Bildern, und welche Klassen und Bilder ihre Antwort gegenüber dem Modell ohne Plan ändern. Mit dem quantisierten Netz gemessen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::EvaluationModel</name>
    <message>
        <source>Without a plan (float)</source>
        <translation>Ohne Plan (Gleitkomma)</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>wird gemessen</translation>
    </message>
    <message>
        <source>Checked models are measured together.</source>
        <translation>Angehakte Modelle werden zusammen gemessen.</translation>
    </message>
    <message>
        <source>%1 of %2 images right</source>
        <translation>%1 von %2 Bildern richtig</translation>
    </message>
    <message>
        <source>From the project. Measure it again on the chosen images to compare it.</source>
        <translation>Aus dem Projekt. Messen Sie es an den gewählten Bildern noch einmal, um es zu vergleichen.</translation>
    </message>
    <message>
        <source>Not measured on the chosen images yet.</source>
        <translation>An den gewählten Bildern noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>A plan of the model, or the model without one.</source>
        <translation>Ein Plan des Modells oder das Modell ohne einen.</translation>
    </message>
    <message>
        <source>Top-1 %</source>
        <translation>Top-1 %</translation>
    </message>
    <message>
        <source>Change pt</source>
        <translation>Änderung Pkt.</translation>
    </message>
    <message>
        <source>Same answer %</source>
        <translation>Gleiche Antwort %</translation>
    </message>
    <message>
        <source>Top-5 %</source>
        <translation>Top-5 %</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>BOPs %</source>
        <translation>BOPs %</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Of the forward passes and the images they waited for.</source>
        <translation>Der Vorwärtsläufe und der Bilder, auf die sie warteten.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ExampleRunner</name>
    <message>
        <source>Starting...</source>
        <translation>Start...</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>Der Ordner %1 kann nicht angelegt werden.</translation>
    </message>
    <message>
        <source>Train LeNet-5 on digits</source>
        <translation>LeNet-5 auf Ziffern trainieren</translation>
    </message>
    <message>
        <source>Top-1 %1</source>
        <translation>Top-1 %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ExportPanel</name>
    <message>
        <source>Export</source>
        <translation>Export</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>An existing file is replaced only when the new one is complete.</source>
        <translation>Eine vorhandene Datei wird erst ersetzt, wenn die neue vollständig ist.</translation>
    </message>
    <message>
        <source>Browse...</source>
        <translation>Durchsuchen...</translation>
    </message>
    <message>
        <source>Choose the file to write</source>
        <translation>Zieldatei wählen</translation>
    </message>
    <message>
        <source>Choose the file to write.</source>
        <translation>Wählen Sie die Zieldatei.</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>%1 was not exported</source>
        <translation>%1 wurde nicht exportiert</translation>
    </message>
    <message>
        <source>Evaluate the packed file</source>
        <translation>Gepackte Datei auswerten</translation>
    </message>
    <message>
        <source>Top-1 %1</source>
        <translation>Top-1 %1</translation>
    </message>
    <message>
        <source>The packed file was not measured</source>
        <translation>Die gepackte Datei wurde nicht gemessen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Web pages (*.html)</source>
        <translation>Webseiten (*.html)</translation>
    </message>
    <message>
        <source>The plan quantizes activations: their ranges are found on calibration images and stored in the file.</source>
        <translation>Der Plan quantisiert Aktivierungen: Ihre Bereiche werden an Kalibrierbildern bestimmt und in der Datei gespeichert.</translation>
    </message>
    <message>
        <source>No images are needed: the plan quantizes weights only, or its ranges are fixed.</source>
        <translation>Bilder sind nicht nötig: Der Plan quantisiert nur Gewichte, oder seine Bereiche stehen fest.</translation>
    </message>
    <message>
        <source>The file is being measured.</source>
        <translation>Die Datei wird gerade gemessen.</translation>
    </message>
    <message>
        <source>1 layer</source>
        <translation>1 Schicht</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>FP32, %1</source>
        <translation>FP32, %1</translation>
    </message>
    <message>
        <source>%1 bits, %2</source>
        <translation>%1 Bits, %2</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>Skalen</translation>
    </message>
    <message>
        <source>Biases and the like</source>
        <translation>Bias und Ähnliches</translation>
    </message>
    <message>
        <source>%1: %2 payload, %3 smaller than the model&apos;s %4; names, plan and checksums are added</source>
        <translation>%1: %2 Nutzdaten, %3 kleiner als die %4 des Modells; Namen, Plan und Prüfsummen kommen hinzu</translation>
    </message>
    <message>
        <source>The file is not there any more.</source>
        <translation>Die Datei gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Writes the model under the plan into one file of the kind that you choose, reads it back and compares every tensor. Before that you see what the file keeps and loses; the proof lists each tensor with its bytes and checksum.</source>
        <translation>Schreibt das Modell unter dem Plan in eine Datei der gewählten Art, liest sie zurück und vergleicht jeden Tensor. Vorher sehen Sie, was die Datei behält und verliert; der Nachweis führt jeden Tensor mit Bytes und Prüfsumme auf.</translation>
    </message>
    <message>
        <source>The proof of the file will be here: its sizes, its hash, and every tensor read back.</source>
        <translation>Hier steht dann der Nachweis der Datei: ihre Größen, ihr Hash und jeder zurückgelesene Tensor.</translation>
    </message>
    <message>
        <source>Before and after the export</source>
        <translation>Vor und nach dem Export</translation>
    </message>
    <message>
        <source>What it keeps</source>
        <translation>Was sie behält</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>Nachweis</translation>
    </message>
    <message>
        <source>Choose where the file is written.</source>
        <translation>Wählen, wohin die Datei geschrieben wird.</translation>
    </message>
    <message>
        <source>Export and verify</source>
        <translation>Exportieren und prüfen</translation>
    </message>
    <message>
        <source>Size before the export</source>
        <translation>Größe vor dem Export</translation>
    </message>
    <message>
        <source>Cancel the export</source>
        <translation>Export abbrechen</translation>
    </message>
    <message>
        <source>Stop; no file is left behind.</source>
        <translation>Anhalten; es bleibt keine Datei zurück.</translation>
    </message>
    <message>
        <source>A file is being written.</source>
        <translation>Eine Datei wird geschrieben.</translation>
    </message>
    <message>
        <source>%1, read back and compared</source>
        <translation>%1, zurückgelesen und verglichen</translation>
    </message>
    <message>
        <source>Open a model to write it under its plan into a file that is read back and proven.</source>
        <translation>Öffnen Sie ein Modell, um es unter seinem Plan in eine Datei zu schreiben, die zurückgelesen und nachgewiesen wird.</translation>
    </message>
    <message>
        <source>Write the file, read it back and compare every tensor.</source>
        <translation>Die Datei schreiben, zurücklesen und jeden Tensor vergleichen.</translation>
    </message>
    <message>
        <source>Only a packed file brings the network along that is measured.</source>
        <translation>Nur eine gepackte Datei bringt das Netz mit, das gemessen wird.</translation>
    </message>
    <message>
        <source>The plan is being looked at.</source>
        <translation>Der Plan wird betrachtet.</translation>
    </message>
    <message>
        <source>%1: about %2 on disk, %3 smaller than the model&apos;s %4</source>
        <translation>%1: etwa %2 auf der Platte, %3 kleiner als die %4 des Modells</translation>
    </message>
    <message>
        <source>%1: about %2 on disk, no smaller than the model&apos;s %3</source>
        <translation>%1: etwa %2 auf der Platte, nicht kleiner als die %3 des Modells</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FailureLine</name>
    <message>
        <source>What went wrong</source>
        <translation>Was schiefging</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the details.</source>
        <translation>Die Einzelheiten kopieren.</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>Die Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Dismiss this message.</source>
        <translation>Diese Meldung ausblenden.</translation>
    </message>
    <message>
        <source>Dismiss the message</source>
        <translation>Die Meldung ausblenden</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FileActions</name>
    <message>
        <source>&amp;Open model...</source>
        <translation>Modell ö&amp;ffnen...</translation>
    </message>
    <message>
        <source>Open a TorchScript model, a PyTorch state dict or a packed model.</source>
        <translation>Ein TorchScript-Modell, ein State Dict von PyTorch oder ein gepacktes Modell öffnen.</translation>
    </message>
    <message>
        <source>Open &amp;project...</source>
        <translation>&amp;Projekt öffnen...</translation>
    </message>
    <message>
        <source>Open a project folder (NAME.bitloom).</source>
        <translation>Einen Projektordner (NAME.bitloom) öffnen.</translation>
    </message>
    <message>
        <source>Open by &amp;name...</source>
        <translation>Nach &amp;Namen öffnen...</translation>
    </message>
    <message>
        <source>Open one of the built-in networks, with random weights.</source>
        <translation>Eines der eingebauten Netze öffnen, mit zufälligen Gewichten.</translation>
    </message>
    <message>
        <source>Open the &amp;example</source>
        <translation>B&amp;eispiel öffnen</translation>
    </message>
    <message>
        <source>LeNet-5 on digits that the program draws itself, from training to the proven file. The network is trained once, which takes some seconds.</source>
        <translation>LeNet-5 auf Ziffern, die das Programm selbst zeichnet, vom Training bis zur bewiesenen Datei. Das Netz wird einmal trainiert, was einige Sekunden dauert.</translation>
    </message>
    <message>
        <source>&amp;Close model</source>
        <translation>Modell s&amp;chließen</translation>
    </message>
    <message>
        <source>Close the model and go back to the welcome page.</source>
        <translation>Das Modell schließen und zurück zur Willkommensseite.</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>Close the window.</source>
        <translation>Das Fenster schließen.</translation>
    </message>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Open model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.pt *.pth *.tar *.safetensors *.h5 *.bin *.ckpt)</source>
        <translation>Modelle (*.pt *.pth *.tar *.safetensors *.h5 *.bin *.ckpt)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>Con&amp;vert a file...</source>
        <translation>Datei um&amp;wandeln...</translation>
    </message>
    <message>
        <source>Write the weights of one file into another kind of file, read it back and compare.</source>
        <translation>Die Gewichte einer Datei in eine Datei anderer Art schreiben, zurücklesen und vergleichen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FlipDelegate</name>
    <message>
        <source>is %1</source>
        <translation>ist %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FlipModel</name>
    <message>
        <source>Image %1 shows %2; without a plan the answer is %3, with it %4.</source>
        <translation>Bild %1 zeigt %2; ohne Plan ist die Antwort %3, mit ihm %4.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FlipPane</name>
    <message>
        <source>Kind of change</source>
        <translation>Art der Änderung</translation>
    </message>
    <message>
        <source>Show only images that changed in this way.</source>
        <translation>Nur Bilder zeigen, die sich so geändert haben.</translation>
    </message>
    <message>
        <source>Images with another answer</source>
        <translation>Bilder mit anderer Antwort</translation>
    </message>
    <message>
        <source>All changed answers</source>
        <translation>Alle geänderten Antworten</translation>
    </message>
    <message>
        <source>Now wrong</source>
        <translation>Jetzt falsch</translation>
    </message>
    <message>
        <source>Now right</source>
        <translation>Jetzt richtig</translation>
    </message>
    <message>
        <source>Wrong in another way</source>
        <translation>Anders falsch</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Each image with what it shows and what is answered with and without the plan.</source>
        <translation>Jedes Bild mit dem, was es zeigt, und den Antworten mit und ohne Plan.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FormatChoice</name>
    <message>
        <source>Kind of file</source>
        <translation>Art der Datei</translation>
    </message>
    <message>
        <source>as they are</source>
        <translation>wie sie sind</translation>
    </message>
    <message>
        <source>Type of the numbers</source>
        <translation>Typ der Zahlen</translation>
    </message>
    <message>
        <source>The type that all floating point tensors get in the file.</source>
        <translation>Der Typ, den alle Gleitkommatensoren in der Datei bekommen.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Compression</source>
        <translation>Kompression</translation>
    </message>
    <message>
        <source>The level at which large tensors are deflated. The codes of trained weights are near random, so it mostly pays for sparse ones.</source>
        <translation>Die Stufe, in der große Tensoren komprimiert werden. Die Codes trainierter Gewichte sind fast zufällig, daher lohnt es sich meist nur bei dünn besetzten.</translation>
    </message>
    <message>
        <source>%1, about %2</source>
        <translation>%1, etwa %2</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::FrontierPanel</name>
    <message>
        <source>Frontier</source>
        <translation>Front</translation>
    </message>
    <message>
        <source>Add as plan</source>
        <translation>Als Plan hinzufügen</translation>
    </message>
    <message>
        <source>Take this plan</source>
        <translation>Diesen Plan übernehmen</translation>
    </message>
    <message>
        <source>BOPs, % of FP32</source>
        <translation>BOPs, % von FP32</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Cost axis</source>
        <translation>Kostenachse</translation>
    </message>
    <message>
        <source>What the horizontal axis and the budget count</source>
        <translation>Was die waagrechte Achse und das Budget zählen</translation>
    </message>
    <message>
        <source>Predicted loss</source>
        <translation>Vorhergesagter Verlust</translation>
    </message>
    <message>
        <source>Top-1 accuracy</source>
        <translation>Top-1-Genauigkeit</translation>
    </message>
    <message>
        <source>Quality axis</source>
        <translation>Güteachse</translation>
    </message>
    <message>
        <source>What the vertical axis shows</source>
        <translation>Was die senkrechte Achse zeigt</translation>
    </message>
    <message>
        <source>All plans</source>
        <translation>Alle Pläne</translation>
    </message>
    <message>
        <source>Best 5</source>
        <translation>Beste 5</translation>
    </message>
    <message>
        <source>Best 10</source>
        <translation>Beste 10</translation>
    </message>
    <message>
        <source>Best 20</source>
        <translation>Beste 20</translation>
    </message>
    <message>
        <source>How many plans</source>
        <translation>Wie viele Pläne</translation>
    </message>
    <message>
        <source>Shows only the plans of the best quality</source>
        <translation>Zeigt nur die Pläne der besten Güte</translation>
    </message>
    <message>
        <source>Logarithmic cost</source>
        <translation>Kosten logarithmisch</translation>
    </message>
    <message>
        <source>Hide dominated plans</source>
        <translation>Dominierte Pläne ausblenden</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>View options of the frontier</source>
        <translation>Ansicht der Front</translation>
    </message>
    <message>
        <source>Axes and which plans are shown</source>
        <translation>Achsen und welche Pläne gezeigt werden</translation>
    </message>
    <message>
        <source>Plans by cost and quality; arrow keys move between plans, Enter opens one</source>
        <translation>Pläne nach Kosten und Güte; Pfeiltasten gehen von Plan zu Plan, die Eingabetaste öffnet einen</translation>
    </message>
    <message>
        <source>Adds the chosen predicted plan to the list of plans</source>
        <translation>Fügt den gewählten vorhergesagten Plan der Planliste hinzu</translation>
    </message>
    <message>
        <source>Gives the shown plan the bits of the budget&apos;s best plan</source>
        <translation>Gibt dem gezeigten Plan die Bits des besten Plans im Budget</translation>
    </message>
    <message>
        <source>Open a model to compare plans by cost and quality.</source>
        <translation>Öffnen Sie ein Modell, um Pläne nach Kosten und Güte zu vergleichen.</translation>
    </message>
    <message>
        <source>The frontier is being computed.</source>
        <translation>Die Front wird berechnet.</translation>
    </message>
    <message>
        <source>The frontier of predicted plans appears here once the sensitivity of the layers was measured.</source>
        <translation>Die Front der vorhergesagten Pläne erscheint hier, sobald die Empfindlichkeit der Schichten gemessen ist.</translation>
    </message>
    <message>
        <source>Within the budget: %1, %2 BOPs, predicted loss %3, %4.</source>
        <translation>Im Budget: %1, %2 BOPs, vorhergesagter Verlust %3, %4.</translation>
    </message>
    <message>
        <source>proven optimal</source>
        <translation>nachweislich optimal</translation>
    </message>
    <message>
        <source>at most %1 above the best</source>
        <translation>höchstens %1 über dem besten</translation>
    </message>
    <message>
        <source>%1: %2, %3 BOPs, predicted loss %4.</source>
        <translation>%1: %2, %3 BOPs, vorhergesagter Verlust %4.</translation>
    </message>
    <message>
        <source>Drag the budget line for the best plan within it, or click a plan.</source>
        <translation>Ziehen Sie die Budgetlinie für den besten Plan darin oder klicken Sie auf einen Plan.</translation>
    </message>
    <message>
        <source>Plans by cost and quality. The step line joins the best predicted plan of each cost; filled points were measured, hollow ones are predicted from the sensitivity table. Drag the line of the budget for the best plan within it. Plans that are brushed stand out here, and Compare and Evaluate keep to them.</source>
        <translation>Pläne nach Kosten und Güte. Die Treppe verbindet den besten vorhergesagten Plan zu allen Kosten; gefüllte Punkte sind gemessen, hohle aus der Empfindlichkeitstabelle vorhergesagt. Ziehen Sie an der Linie des Budgets für den besten Plan darin. Eingerahmte Pläne treten hier hervor, und Vergleich und Messung halten sich an sie.</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Einrahmen</translation>
    </message>
    <message>
        <source>Drag a rectangle over the plans to look at alone. Without this: drag with Ctrl.</source>
        <translation>Ein Rechteck um die Pläne ziehen, die allein angesehen werden sollen. Ohne dies: mit Strg ziehen.</translation>
    </message>
    <message>
        <source>Gives up the brush</source>
        <translation>Gibt den Rahmen auf</translation>
    </message>
    <message>
        <source>Look at all plans again (Esc in the plot).</source>
        <translation>Wieder alle Pläne ansehen (Esc im Diagramm).</translation>
    </message>
    <message>
        <source>No plan lies in the brushed part.</source>
        <translation>Im Rahmen liegt kein Plan.</translation>
    </message>
    <message>
        <source>Brushed: %1</source>
        <translation>Eingerahmt: %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 und %n weiterer</numerusform>
            <numerusform>%1 und %n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::JobButtons</name>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Go on with %1</source>
        <translation>Weiter mit %1</translation>
    </message>
    <message>
        <source>Pause %1</source>
        <translation>%1 anhalten</translation>
    </message>
    <message>
        <source>Go on where the job stopped.</source>
        <translation>Dort weitermachen, wo der Job angehalten hat.</translation>
    </message>
    <message>
        <source>Pause the job; it keeps its memory.</source>
        <translation>Den Job anhalten; er behält seinen Speicher.</translation>
    </message>
    <message>
        <source>Only a running job can be paused.</source>
        <translation>Nur ein laufender Job kann angehalten werden.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel %1</source>
        <translation>%1 abbrechen</translation>
    </message>
    <message>
        <source>The job is stopping.</source>
        <translation>Der Job hält an.</translation>
    </message>
    <message>
        <source>Stop the job; what it found so far is kept.</source>
        <translation>Den Job beenden; was er gefunden hat, bleibt.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Show the result of %1</source>
        <translation>Ergebnis von %1 zeigen</translation>
    </message>
    <message>
        <source>Show what the job found.</source>
        <translation>Zeigen, was der Job gefunden hat.</translation>
    </message>
    <message>
        <source>The job has no result.</source>
        <translation>Der Job hat kein Ergebnis.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Open the log of %1</source>
        <translation>Protokoll von %1 öffnen</translation>
    </message>
    <message>
        <source>Show the job&apos;s command line and its messages.</source>
        <translation>Kommandozeile und Meldungen des Jobs zeigen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::JobCenter</name>
    <message>
        <source>Cancelled</source>
        <translation>Abgebrochen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::JobProgress</name>
    <message>
        <source>Pause or go on</source>
        <translation>Pausieren oder weitermachen</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n more to come</source>
        <translation>
            <numerusform>%1, %n weitere folgt</numerusform>
            <numerusform>%1, %n weitere folgen</numerusform>
        </translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Go on where it stopped.</source>
        <translation>Dort weitermachen, wo es anhielt.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::JobsPanel</name>
    <message>
        <source>Jobs</source>
        <translation>Jobs</translation>
    </message>
    <message>
        <source>Memory that the whole program occupies now.</source>
        <translation>Speicher, den das ganze Programm jetzt belegt.</translation>
    </message>
    <message>
        <source>Clear ended</source>
        <translation>Beendete entfernen</translation>
    </message>
    <message>
        <source>Remove the jobs that have ended from the list.</source>
        <translation>Beendete Jobs aus der Liste nehmen.</translation>
    </message>
    <message>
        <source>Log of the job</source>
        <translation>Protokoll des Jobs</translation>
    </message>
    <message>
        <source>The job&apos;s command line and its messages.</source>
        <translation>Kommandozeile und Meldungen des Jobs.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this job&apos;s log.</source>
        <translation>Das Protokoll dieses Jobs schließen.</translation>
    </message>
    <message>
        <source>Close the job&apos;s log</source>
        <translation>Protokoll des Jobs schließen</translation>
    </message>
    <message>
        <source>Pause or go on</source>
        <translation>Anhalten oder weitermachen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open log</source>
        <translation>Protokoll öffnen</translation>
    </message>
    <message>
        <source>Show result</source>
        <translation>Ergebnis zeigen</translation>
    </message>
    <message>
        <source>No job has ended yet.</source>
        <translation>Noch ist kein Job beendet.</translation>
    </message>
    <message>
        <source>Jobs that you start, such as evaluating, measuring sensitivity and exporting, run in the background and are listed here.</source>
        <translation>Jobs, die Sie starten, etwa Auswerten, Empfindlichkeit messen und Exportieren, laufen im Hintergrund und stehen hier.</translation>
    </message>
    <message>
        <source>Memory %1</source>
        <translation>Speicher %1</translation>
    </message>
    <message>
        <source>Log of %1</source>
        <translation>Protokoll von %1</translation>
    </message>
    <message>
        <source>What runs and what has run, newest first. Space pauses and goes on, Delete cancels, L opens the log, Return shows the result.</source>
        <translation>Was läuft und was gelaufen ist, das Neueste zuerst. Die Leertaste hält an und setzt fort, Entfernen bricht ab, L öffnet das Protokoll, die Eingabetaste zeigt das Ergebnis.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::LayerPanel</name>
    <message>
        <source>Layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Log counts</source>
        <translation>Anzahl logarithmisch</translation>
    </message>
    <message numerus="yes">
        <source>Beside %n bit(s)</source>
        <translation>
            <numerusform>Neben %n Bit</numerusform>
            <numerusform>Neben %n Bits</numerusform>
        </translation>
    </message>
    <message>
        <source>Compare with…</source>
        <translation>Vergleichen mit…</translation>
    </message>
    <message>
        <source>Width to compare with</source>
        <translation>Vergleichsbreite</translation>
    </message>
    <message>
        <source>Shows the same weights with the grid of another bit width beside</source>
        <translation>Zeigt dieselben Gewichte mit dem Gitter einer anderen Bitbreite daneben</translation>
    </message>
    <message>
        <source>Counts on a logarithmic axis</source>
        <translation>Anzahlen auf logarithmischer Achse</translation>
    </message>
    <message>
        <source>Weight histogram</source>
        <translation>Histogramm der Gewichte</translation>
    </message>
    <message>
        <source>Weight histogram at the other width</source>
        <translation>Histogramm der Gewichte bei der anderen Breite</translation>
    </message>
    <message>
        <source>Ranges per channel</source>
        <translation>Bereiche je Kanal</translation>
    </message>
    <message>
        <source>Activation histogram</source>
        <translation>Histogramm der Aktivierungen</translation>
    </message>
    <message>
        <source>Quantization error by observer and width</source>
        <translation>Quantisierungsfehler nach Beobachter und Breite</translation>
    </message>
    <message>
        <source>Enter or a click gives the layer&apos;s weight that observer and width</source>
        <translation>Eingabetaste oder Klick gibt dem Gewicht der Schicht diesen Beobachter und diese Breite</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Views of the layer</source>
        <translation>Ansichten der Schicht</translation>
    </message>
    <message numerus="yes">
        <source>set %n bit(s) in %1</source>
        <translation>
            <numerusform>%n Bit in %1 setzen</numerusform>
            <numerusform>%n Bits in %1 setzen</numerusform>
        </translation>
    </message>
    <message>
        <source>Open a model to see how a layer&apos;s values are distributed and quantized.</source>
        <translation>Öffnen Sie ein Modell, um zu sehen, wie die Werte einer Schicht verteilt und quantisiert sind.</translation>
    </message>
    <message>
        <source>The layer is being read.</source>
        <translation>Die Schicht wird gelesen.</translation>
    </message>
    <message>
        <source>Choose data in the Evaluate panel: its first training images show here how the layer&apos;s input is distributed.</source>
        <translation>Wählen Sie Daten im Bereich Messung: Seine ersten Trainingsbilder zeigen hier, wie die Eingabe der Schicht verteilt ist.</translation>
    </message>
    <message numerus="yes">
        <source>%1 over %n calibration image(s)</source>
        <translation>
            <numerusform>%1 über %n Kalibrierbild</numerusform>
            <numerusform>%1 über %n Kalibrierbilder</numerusform>
        </translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt; &amp;nbsp; weight %2, %3 parameters, %4 MACs, weight bits: %5</source>
        <translation>&lt;b&gt;%1&lt;/b&gt; &amp;nbsp; Gewicht %2, %3 Parameter, %4 MACs, Gewichtsbits: %5</translation>
    </message>
    <message>
        <source>The selected layer closely: its weights with the grid that the plan lays over them, the range of each channel, what flows into it, and what each way of choosing the grid would lose. Weights are read from the model and exact; activations are seen on the calibration images.</source>
        <translation>Die gewählte Schicht aus der Nähe: ihre Gewichte mit dem Gitter, das der Plan darüberlegt, der Bereich jedes Kanals, was in sie fließt und was jede Art, das Raster zu wählen, verlieren würde. Gewichte sind aus dem Modell gelesen und exakt; Aktivierungen werden auf den Kalibrierungsbildern beobachtet.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::Layouts</name>
    <message>
        <source>The file holds no layout.</source>
        <translation>Die Datei enthält keine Anordnung.</translation>
    </message>
    <message>
        <source>The layout belongs to another version of the program.</source>
        <translation>Die Anordnung gehört zu einer anderen Version des Programms.</translation>
    </message>
    <message>
        <source>The layout in the file is not complete.</source>
        <translation>Die Anordnung in der Datei ist unvollständig.</translation>
    </message>
    <message>
        <source>%1 (imported)</source>
        <translation>%1 (importiert)</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::LogPanel</name>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Notes and more</source>
        <translation>Hinweise und mehr</translation>
    </message>
    <message>
        <source>Warnings and more</source>
        <translation>Warnungen und mehr</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Show only lines of this level and above.</source>
        <translation>Nur Zeilen dieser Stufe und darüber zeigen.</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter the log by text</source>
        <translation>Protokoll nach Text filtern</translation>
    </message>
    <message>
        <source>Copy commands</source>
        <translation>Befehle kopieren</translation>
    </message>
    <message>
        <source>Copy all commands as a shell script that repeats them.</source>
        <translation>Alle Befehle als Shell-Skript kopieren, das sie wiederholt.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Remove all lines.</source>
        <translation>Alle Zeilen entfernen.</translation>
    </message>
    <message>
        <source>No command was run yet.</source>
        <translation>Noch wurde kein Befehl ausgeführt.</translation>
    </message>
    <message>
        <source>What you do appears here as command lines that repeat it, with the messages of the jobs.</source>
        <translation>Was Sie tun, erscheint hier als Kommandozeilen, die es wiederholen, mit den Meldungen der Jobs.</translation>
    </message>
    <message>
        <source>Each action as the command line that repeats it without the window, and the messages of the jobs.</source>
        <translation>Jede Aktion als Befehlszeile, die sie ohne Fenster wiederholt, und die Meldungen der Aufträge.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::MainWindow</name>
    <message>
        <source>%1 panel</source>
        <translation>Bereich %1</translation>
    </message>
    <message>
        <source>Show or hide the panel &quot;%1&quot;.</source>
        <translation>Den Bereich „%1“ zeigen oder verbergen.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::Menus</name>
    <message>
        <source>Main toolbar</source>
        <translation>Hauptwerkzeugleiste</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Plan</source>
        <translation>&amp;Plan</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Ausführen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>An&amp;sicht</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ModelOpener</name>
    <message>
        <source>Look at %1</source>
        <translation>%1 ansehen</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <translation>%1 ist %2.</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message numerus="yes">
        <source>%n layers</source>
        <translation>
            <numerusform>%n Schicht</numerusform>
            <numerusform>%n Schichten</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::NoticeBar</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy this message with its details.</source>
        <translation>Diese Meldung mit ihren Einzelheiten kopieren.</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Hide this message.</source>
        <translation>Diese Meldung ausblenden.</translation>
    </message>
    <message>
        <source>Messages</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n weitere</numerusform>
            <numerusform>%n weitere</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PackSheetModel</name>
    <message>
        <source>packed</source>
        <translation>gepackt</translation>
    </message>
    <message>
        <source>pruned</source>
        <translation>entfernt</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>✓ equal</source>
        <translation>✓ gleich</translation>
    </message>
    <message>
        <source>✗ differs</source>
        <translation>✗ weicht ab</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Parameter or buffer of the model.</source>
        <translation>Parameter oder Puffer des Modells.</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>As packed codes, as it is, or not at all.</source>
        <translation>Als gepackte Codes, unverändert oder gar nicht.</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Of each code.</source>
        <translation>Jedes Codes.</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Of the tensor.</source>
        <translation>Des Tensors.</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Codes with their padding, or the raw values.</source>
        <translation>Codes mit ihrer Auffüllung oder die rohen Werte.</translation>
    </message>
    <message>
        <source>Bits that hold no code.</source>
        <translation>Bits, die keinen Code enthalten.</translation>
    </message>
    <message>
        <source>Scales</source>
        <translation>Skalen</translation>
    </message>
    <message>
        <source>Scales and zero points.</source>
        <translation>Skalen und Nullpunkte.</translation>
    </message>
    <message>
        <source>CRC-32</source>
        <translation>CRC-32</translation>
    </message>
    <message>
        <source>Checksum of the stored bytes.</source>
        <translation>Prüfsumme der gespeicherten Bytes.</translation>
    </message>
    <message>
        <source>Whether every code was read back and is equal.</source>
        <translation>Ob jeder Code zurückgelesen wurde und gleich ist.</translation>
    </message>
    <message>
        <source>Padding
bits</source>
        <translation>Füll-
bits</translation>
    </message>
    <message>
        <source>Read
back</source>
        <translation>Zurück-
gelesen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PackedPanel</name>
    <message>
        <source>Packed file</source>
        <translation>Gepackte Datei</translation>
    </message>
    <message>
        <source>Log counts</source>
        <translation>Anzahlen logarithmisch</translation>
    </message>
    <message>
        <source>Progress of verifying</source>
        <translation>Fortschritt des Prüfens</translation>
    </message>
    <message>
        <source>A packed file closely: where each tensor lies in it, how often each code of the selected layer occurs beside the float weights that it was made of, and whether every code is what its model gives.</source>
        <translation>Eine gepackte Datei aus der Nähe: wo jeder Tensor in ihr liegt, wie oft jeder Code der gewählten Schicht vorkommt, neben den Gleitkommagewichten, aus denen er wurde, und ob jeder Code der ist, den ihr Modell ergibt.</translation>
    </message>
    <message>
        <source>Counts on a logarithmic axis</source>
        <translation>Anzahlen auf einer logarithmischen Achse</translation>
    </message>
    <message>
        <source>Click to select the layer %1</source>
        <translation>Klicken wählt die Schicht %1</translation>
    </message>
    <message>
        <source>Byte map of the packed file</source>
        <translation>Byte-Karte der gepackten Datei</translation>
    </message>
    <message>
        <source>Codes</source>
        <translation>Codes</translation>
    </message>
    <message>
        <source>Verification</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>Codes or verification</source>
        <translation>Codes oder Prüfung</translation>
    </message>
    <message>
        <source>What the file holds</source>
        <translation>Was die Datei enthält</translation>
    </message>
    <message>
        <source>Float model: a file, or arch:NAME@WEIGHTS</source>
        <translation>Gleitkommamodell: eine Datei oder arch:NAME@GEWICHTE</translation>
    </message>
    <message>
        <source>Float model</source>
        <translation>Gleitkommamodell</translation>
    </message>
    <message>
        <source>The model that the file was packed from: a file, or arch:NAME@WEIGHTS. Codes are shown beside its weights, and verifying compares with it.</source>
        <translation>Das Modell, aus dem die Datei gepackt wurde: eine Datei oder arch:NAME@GEWICHTE. Die Codes werden neben seinen Gewichten gezeigt, und das Prüfen vergleicht mit ihm.</translation>
    </message>
    <message>
        <source>Choose the float model</source>
        <translation>Gleitkommamodell wählen</translation>
    </message>
    <message>
        <source>Choose the file of the model that was packed.</source>
        <translation>Wählt die Datei des Modells, das gepackt wurde.</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel verifying</source>
        <translation>Prüfen abbrechen</translation>
    </message>
    <message>
        <source>Stop reading the file.</source>
        <translation>Die Datei nicht weiter lesen.</translation>
    </message>
    <message>
        <source>The tensor that is shown</source>
        <translation>Der gezeigte Tensor</translation>
    </message>
    <message>
        <source>Histogram of the codes</source>
        <translation>Histogramm der Codes</translation>
    </message>
    <message>
        <source>Float weights with the grid of the codes</source>
        <translation>Gleitkommagewichte mit dem Gitter der Codes</translation>
    </message>
    <message>
        <source>Verify %1</source>
        <translation>%1 prüfen</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Geprüft</translation>
    </message>
    <message numerus="yes">
        <source>The file differs in %1 place(s)</source>
        <translation>
            <numerusform>Die Datei weicht an %1 Stelle ab</numerusform>
            <numerusform>Die Datei weicht an %1 Stellen ab</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was not verified</source>
        <translation>%1 wurde nicht geprüft</translation>
    </message>
    <message>
        <source>Open a packed file, or export the plan, to see where each tensor lies in it and what its codes are.</source>
        <translation>Öffnen Sie eine gepackte Datei oder exportieren Sie den Plan, um zu sehen, wo jeder Tensor in ihr liegt und welche Codes er hat.</translation>
    </message>
    <message>
        <source>The file is being verified.</source>
        <translation>Die Datei wird geprüft.</translation>
    </message>
    <message>
        <source>Read the whole file and check its checksums; name the float model to compare every code with it.</source>
        <translation>Liest die ganze Datei und prüft ihre Prüfsummen; nennen Sie das Gleitkommamodell, um jeden Code mit ihm zu vergleichen.</translation>
    </message>
    <message>
        <source>Read the whole file and compare every code with the float model.</source>
        <translation>Liest die ganze Datei und vergleicht jeden Code mit dem Gleitkommamodell.</translation>
    </message>
    <message>
        <source>%1: %2, %3; %4</source>
        <translation>%1: %2, %3; %4</translation>
    </message>
    <message>
        <source>codes</source>
        <translation>Codes</translation>
    </message>
    <message>
        <source>scales</source>
        <translation>Skalen</translation>
    </message>
    <message>
        <source>metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>The file has no packed codes.</source>
        <translation>Die Datei hat keine gepackten Codes.</translation>
    </message>
    <message>
        <source>%1 has no codes: it is stored as it is.</source>
        <translation>%1 hat keine Codes: er ist unverändert gespeichert.</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 codes of %n bit(s)</source>
        <translation>
            <numerusform>%1: %2 Codes von %n Bit</numerusform>
            <numerusform>%1: %2 Codes von %n Bit</numerusform>
        </translation>
    </message>
    <message>
        <source>SQNR %1 dB, largest error %2</source>
        <translation>SQNR %1 dB, größter Fehler %2</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PaletteModel</name>
    <message>
        <source>there is nothing it could do now.</source>
        <translation>es gibt jetzt nichts, was sie tun könnte.</translation>
    </message>
    <message>
        <source>action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>Show this plan.</source>
        <translation>Diesen Plan zeigen.</translation>
    </message>
    <message>
        <source>it is shown already.</source>
        <translation>er wird schon gezeigt.</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Select this layer (%1, %2 parameters).</source>
        <translation>Diese Schicht auswählen (%1, %2 Parameter).</translation>
    </message>
    <message>
        <source>Not available: %1</source>
        <translation>Nicht verfügbar: %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PanelDock</name>
    <message>
        <source>Hide %1</source>
        <translation>%1 verbergen</translation>
    </message>
    <message>
        <source>Hide this panel; the View menu brings it back.</source>
        <translation>Diesen Bereich verbergen; das Menü Ansicht bringt ihn zurück.</translation>
    </message>
    <message>
        <source>Export a picture of %1</source>
        <translation>Ein Bild von %1 exportieren</translation>
    </message>
    <message>
        <source>Write what this panel shows as PNG, SVG, PDF or CSV.</source>
        <translation>Was dieser Bereich zeigt, als PNG, SVG, PDF oder CSV schreiben.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PanelTabs</name>
    <message>
        <source>Panels that share this place</source>
        <translation>Bereiche, die sich diesen Platz teilen</translation>
    </message>
    <message>
        <source>Arrow keys bring another panel to the front.</source>
        <translation>Pfeiltasten holen einen anderen Bereich nach vorn.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PictureDialog</name>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Panel</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Where the plot or table is shown</source>
        <translation>Wo das Diagramm oder die Tabelle steht</translation>
    </message>
    <message>
        <source>Plot or table</source>
        <translation>Diagramm oder Tabelle</translation>
    </message>
    <message>
        <source>What is exported</source>
        <translation>Was exportiert wird</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Width of the picture in points</source>
        <translation>Breite des Bildes in Punkten</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Height of the picture in points</source>
        <translation>Höhe des Bildes in Punkten</translation>
    </message>
    <message>
        <source>Pixels per point</source>
        <translation>Pixel je Punkt</translation>
    </message>
    <message>
        <source>More pixels make a PNG sharper; other formats have none</source>
        <translation>Mehr Pixel machen ein PNG schärfer; andere Formate haben keine</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>&amp;Panel</source>
        <translation>&amp;Bereich</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Zeigen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pi&amp;xels per point</source>
        <translation>Pi&amp;xel je Punkt</translation>
    </message>
    <message>
        <source>PNG, SVG, PDF or the numbers as CSV. The file says which model, plan, seed and versions it is of; dropped on the window, it leads back to them.</source>
        <translation>PNG, SVG, PDF oder die Zahlen als CSV. Die Datei sagt, von welchem Modell, Plan, Startwert und welchen Versionen sie ist; auf dem Fenster abgelegt führt sie dorthin zurück.</translation>
    </message>
    <message>
        <source>Export...</source>
        <translation>Exportieren...</translation>
    </message>
    <message>
        <source>Choose the file, whose ending says the format.</source>
        <translation>Die Datei wählen; ihre Endung sagt das Format.</translation>
    </message>
    <message>
        <source>This panel shows nothing yet.</source>
        <translation>Dieser Bereich zeigt noch nichts.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PictureExchange</name>
    <message>
        <source>Export pi&amp;cture...</source>
        <translation>Bild e&amp;xportieren...</translation>
    </message>
    <message>
        <source>Write a plot or a table as PNG, SVG, PDF or CSV.</source>
        <translation>Ein Diagramm oder eine Tabelle als PNG, SVG, PDF oder CSV schreiben.</translation>
    </message>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Vector pictures (*.svg)</source>
        <translation>Vektorbilder (*.svg)</translation>
    </message>
    <message>
        <source>Documents (*.pdf)</source>
        <translation>Dokumente (*.pdf)</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <source>%1 was not exported.</source>
        <translation>%1 wurde nicht exportiert.</translation>
    </message>
    <message>
        <source>The ending of the name does not say the format.</source>
        <translation>Die Endung des Namens nennt kein Format.</translation>
    </message>
    <message>
        <source>Give a name that ends with .png, .svg, .pdf or .csv.</source>
        <translation>Geben Sie einen Namen an, der auf .png, .svg, .pdf oder .csv endet.</translation>
    </message>
    <message>
        <source>%1 was written.</source>
        <translation>%1 wurde geschrieben.</translation>
    </message>
    <message>
        <source>It does not say where it comes from: Bitloom did not export it, or another program changed it.</source>
        <translation>Es sagt nicht, woher es stammt: Bitloom hat es nicht exportiert, oder ein anderes Programm hat es geändert.</translation>
    </message>
    <message>
        <source>%1 cannot be shown again.</source>
        <translation>%1 kann nicht wieder gezeigt werden.</translation>
    </message>
    <message>
        <source>It belongs to the model %1 (%2) with the plan %3; open that model first.</source>
        <translation>Es gehört zum Modell %1 (%2) mit dem Plan %3; öffnen Sie zuerst dieses Modell.</translation>
    </message>
    <message>
        <source>It shows the plan %1 as it was before it was changed.</source>
        <translation>Es zeigt den Plan %1, wie er vor seiner Änderung war.</translation>
    </message>
    <message>
        <source>It shows the plan %1, which this project does not have.</source>
        <translation>Es zeigt den Plan %1, den dieses Projekt nicht hat.</translation>
    </message>
    <message>
        <source>This is the view of the picture: plan %1.</source>
        <translation>Das ist die Ansicht des Bildes: Plan %1.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PlanBox</name>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>The plan that is shown and edited.</source>
        <translation>Der Plan, der gezeigt und bearbeitet wird.</translation>
    </message>
    <message>
        <source>Plans appear here when a model is open.</source>
        <translation>Pläne erscheinen hier, wenn ein Modell offen ist.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PlanDocument</name>
    <message>
        <source>plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>add plan %1</source>
        <translation>Plan %1 hinzufügen</translation>
    </message>
    <message>
        <source>rename plan to %1</source>
        <translation>Plan in %1 umbenennen</translation>
    </message>
    <message>
        <source>The last plan stays: a model always has one.</source>
        <translation>Der letzte Plan bleibt: Ein Modell hat immer einen.</translation>
    </message>
    <message>
        <source>remove plan %1</source>
        <translation>Plan %1 entfernen</translation>
    </message>
    <message>
        <source>revert plan %1</source>
        <translation>Plan %1 zurücksetzen</translation>
    </message>
    <message numerus="yes">
        <source>%n locked layer(s) kept their bits.</source>
        <translation>
            <numerusform>%n gesperrte Schicht behielt ihre Bits.</numerusform>
            <numerusform>%n gesperrte Schichten behielten ihre Bits.</numerusform>
        </translation>
    </message>
    <message>
        <source>lock layers</source>
        <translation>Schichten sperren</translation>
    </message>
    <message>
        <source>unlock layers</source>
        <translation>Schichten freigeben</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::PlanEditor</name>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>set %1 of %2 to %3</source>
        <translation>%1 von %2 auf %3 setzen</translation>
    </message>
    <message numerus="yes">
        <source>set %1 of %n layer(s) to %2</source>
        <translation>
            <numerusform>%1 von %n Schicht auf %2 setzen</numerusform>
            <numerusform>%1 von %n Schichten auf %2 setzen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>paste bits of %n layer(s)</source>
        <translation>
            <numerusform>Bits von %n Schicht einfügen</numerusform>
            <numerusform>Bits von %n Schichten einfügen</numerusform>
        </translation>
    </message>
    <message>
        <source>The shown plan: each layer with its bits and what they cost. Select layers and type a number to set their bits; every change can be undone. The filter line finds layers by name, kind, bits and cost.</source>
        <translation>Der gezeigte Plan: jede Schicht mit ihren Bits und was sie kosten. Wählen Sie Schichten und tippen Sie eine Zahl, um ihre Bits zu setzen; jede Änderung lässt sich zurücknehmen. Die Filterzeile findet Schichten nach Name, Art, Bits und Kosten.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ProjectActions</name>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>Write the plans into the project folder.</source>
        <translation>Die Pläne in den Projektordner schreiben.</translation>
    </message>
    <message>
        <source>Save project &amp;as...</source>
        <translation>Projekt speichern &amp;unter...</translation>
    </message>
    <message>
        <source>Copy the project to a folder of its own and go on there.</source>
        <translation>Das Projekt in einen eigenen Ordner kopieren und dort weitermachen.</translation>
    </message>
    <message>
        <source>Write &amp;report...</source>
        <translation>Be&amp;richt schreiben...</translation>
    </message>
    <message>
        <source>Everything about the project on one HTML page.</source>
        <translation>Alles über das Projekt auf einer HTML-Seite.</translation>
    </message>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>Saved in %1.</source>
        <translation>In %1 gespeichert.</translation>
    </message>
    <message>
        <source>Save project as</source>
        <translation>Projekt speichern unter</translation>
    </message>
    <message>
        <source>Bitloom projects (*%1)</source>
        <translation>Bitloom-Projekte (*%1)</translation>
    </message>
    <message>
        <source>project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Write report</source>
        <translation>Bericht schreiben</translation>
    </message>
    <message>
        <source>HTML pages (*.html)</source>
        <translation>HTML-Seiten (*.html)</translation>
    </message>
    <message>
        <source>Could not %1.</source>
        <translation>Nicht gelungen: %1.</translation>
    </message>
    <message>
        <source>Edits of last time were never saved.</source>
        <translation>Änderungen vom letzten Mal wurden nie gespeichert.</translation>
    </message>
    <message>
        <source>Most likely the program did not end as it should.</source>
        <translation>Wahrscheinlich endete das Programm nicht, wie es sollte.</translation>
    </message>
    <message>
        <source>Dismiss this to go on without them.</source>
        <translation>Blenden Sie dies aus, um ohne sie weiterzumachen.</translation>
    </message>
    <message>
        <source>Restore them</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>The report was written: %1</source>
        <translation>Der Bericht wurde geschrieben: %1</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ProjectSession</name>
    <message>
        <source>open the model of %1</source>
        <translation>das Modell von %1 öffnen</translation>
    </message>
    <message>
        <source>the project does not say which model it belongs to; open the model first, then save it as this project</source>
        <translation>das Projekt sagt nicht, zu welchem Modell es gehört; öffnen Sie zuerst das Modell und speichern Sie es dann als dieses Projekt</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>The model has changed since the project was made: measurements in it are of the model as it was.</source>
        <translation>Das Modell hat sich geändert, seit das Projekt angelegt wurde: Messungen darin gelten für das frühere Modell.</translation>
    </message>
    <message>
        <source>The plan %1 was left out: %2</source>
        <translation>Der Plan %1 wurde ausgelassen: %2</translation>
    </message>
    <message>
        <source>restore the edits of last time</source>
        <translation>die Änderungen vom letzten Mal wiederherstellen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ProjectStore</name>
    <message>
        <source>open the project</source>
        <translation>das Projekt öffnen</translation>
    </message>
    <message>
        <source>save the model&apos;s description</source>
        <translation>die Beschreibung des Modells speichern</translation>
    </message>
    <message>
        <source>save the plans</source>
        <translation>die Pläne speichern</translation>
    </message>
    <message>
        <source>save the plan</source>
        <translation>den Plan speichern</translation>
    </message>
    <message>
        <source>keep the plan of the run</source>
        <translation>den Plan des Laufs aufheben</translation>
    </message>
    <message>
        <source>save the measurement</source>
        <translation>die Messung speichern</translation>
    </message>
    <message>
        <source>save the proof sheet</source>
        <translation>den Prüfbogen speichern</translation>
    </message>
    <message>
        <source>record the run</source>
        <translation>den Lauf festhalten</translation>
    </message>
    <message>
        <source>save the sensitivity table</source>
        <translation>die Empfindlichkeitstabelle speichern</translation>
    </message>
    <message>
        <source>save the journal of unsaved edits</source>
        <translation>das Journal der nicht gespeicherten Änderungen speichern</translation>
    </message>
    <message>
        <source>remove the journal of unsaved edits</source>
        <translation>das Journal der nicht gespeicherten Änderungen entfernen</translation>
    </message>
    <message>
        <source>save how the window looks</source>
        <translation>das Aussehen des Fensters speichern</translation>
    </message>
    <message>
        <source>write the report</source>
        <translation>den Bericht schreiben</translation>
    </message>
    <message>
        <source>save the answers to the images</source>
        <translation>die Antworten auf die Bilder speichern</translation>
    </message>
    <message>
        <source>save the histograms</source>
        <translation>die Histogramme speichern</translation>
    </message>
    <message>
        <source>save the course of training</source>
        <translation>den Verlauf des Trainings speichern</translation>
    </message>
    <message>
        <source>copy the project</source>
        <translation>das Projekt kopieren</translation>
    </message>
    <message>
        <source>remove the folder of the project without a name</source>
        <translation>den Ordner des Projekts ohne Namen entfernen</translation>
    </message>
    <message>
        <source>read the answers to the images</source>
        <translation>die Antworten auf die Bilder lesen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ProofSheet</name>
    <message>
        <source>Packed file</source>
        <translation>Gepackte Datei</translation>
    </message>
    <message>
        <source>Sizes</source>
        <translation>Größen</translation>
    </message>
    <message>
        <source>SHA-256 of the file</source>
        <translation>SHA-256 der Datei</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Copy the SHA-256 of the file.</source>
        <translation>Den SHA-256 der Datei kopieren.</translation>
    </message>
    <message>
        <source>Copy the hash</source>
        <translation>Prüfsumme kopieren</translation>
    </message>
    <message>
        <source>Measure packed file</source>
        <translation>Gepackte Datei messen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Show the folder of the packed file.</source>
        <translation>Den Ordner der gepackten Datei zeigen.</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy the path of the packed file.</source>
        <translation>Den Pfad der gepackten Datei kopieren.</translation>
    </message>
    <message>
        <source>Write report...</source>
        <translation>Bericht schreiben...</translation>
    </message>
    <message>
        <source>Write everything about the plan into one HTML file.</source>
        <translation>Alles über den Plan in eine HTML-Datei schreiben.</translation>
    </message>
    <message>
        <source>Tensors of the packed file</source>
        <translation>Tensoren der gepackten Datei</translation>
    </message>
    <message>
        <source>%1 on disk, %2 smaller than the model&apos;s %3: %4 payload + %5 metadata</source>
        <translation>%1 auf der Platte, %2 kleiner als die %3 des Modells: %4 Nutzdaten + %5 Metadaten</translation>
    </message>
    <message>
        <source>SHA-256 %1</source>
        <translation>SHA-256 %1</translation>
    </message>
    <message>
        <source>Top-1 on %1 images: packed file %2, plan %3, without a plan %4</source>
        <translation>Top-1 an %1 Bildern: gepackte Datei %2, Plan %3, ohne Plan %4</translation>
    </message>
    <message>
        <source>The accuracy of the packed file was not measured yet.</source>
        <translation>Die Genauigkeit der gepackten Datei wurde noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Measure the weights that were read back from the file.</source>
        <translation>Die Gewichte messen, die aus der Datei zurückgelesen wurden.</translation>
    </message>
    <message>
        <source>Verified: read back, every code and the answers to a reference batch are equal bit for bit</source>
        <translation>Geprüft: zurückgelesen, jeder Code und die Antworten auf einen Referenz-Batch sind Bit für Bit gleich</translation>
    </message>
    <message>
        <source>Not verified: what was read back differs</source>
        <translation>Nicht bestanden: Das Zurückgelesene weicht ab</translation>
    </message>
    <message>
        <source>%1 is not there any more</source>
        <translation>%1 gibt es nicht mehr</translation>
    </message>
    <message>
        <source>Verified: read back, and every tensor is what its codes become in %1</source>
        <translation>Geprüft: zurückgelesen, und jeder Tensor ist, was seine Codes in %1 werden</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RecentFiles</name>
    <message>
        <source>It is no longer in its folder.</source>
        <translation>Nicht mehr in seinem Ordner.</translation>
    </message>
    <message>
        <source>Its folder cannot be reached; is a drive missing?</source>
        <translation>Der Ordner ist nicht erreichbar; fehlt ein Laufwerk?</translation>
    </message>
    <message>
        <source>You may not read it.</source>
        <translation>Sie dürfen es nicht lesen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunActions</name>
    <message>
        <source>&amp;Evaluate</source>
        <translation>&amp;Auswerten</translation>
    </message>
    <message>
        <source>Measure the accuracy of the shown plan.</source>
        <translation>Die Genauigkeit des gezeigten Plans messen.</translation>
    </message>
    <message>
        <source>Measure &amp;sensitivity...</source>
        <translation>&amp;Empfindlichkeit messen...</translation>
    </message>
    <message>
        <source>Measure what each layer loses at each bit width.</source>
        <translation>Messen, was jede Schicht bei jeder Bitbreite verliert.</translation>
    </message>
    <message>
        <source>E&amp;xport...</source>
        <translation>E&amp;xportieren...</translation>
    </message>
    <message>
        <source>Pack the model under the shown plan, read it back and prove it.</source>
        <translation>Das Modell unter dem gezeigten Plan packen, zurücklesen und prüfen.</translation>
    </message>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>Search &amp;bits...</source>
        <translation>&amp;Bits suchen...</translation>
    </message>
    <message>
        <source>Train the network and its bit widths together.</source>
        <translation>Das Netz und seine Bitbreiten zusammen trainieren.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunChannels</name>
    <message>
        <source>Channels by probability of being kept</source>
        <translation>Kanäle nach der Wahrscheinlichkeit zu bleiben</translation>
    </message>
    <message>
        <source>How many channels are how probable</source>
        <translation>Wie viele Kanäle wie wahrscheinlich sind</translation>
    </message>
    <message>
        <source>Channel %1
P(kept) = %2</source>
        <translation>Kanal %1
P(bleibt) = %2</translation>
    </message>
    <message numerus="yes">
        <source>%n channel(s) with P(kept) from %1 to %2</source>
        <translation>
            <numerusform>%n Kanal mit P(bleibt) von %1 bis %2</numerusform>
            <numerusform>%n Kanäle mit P(bleibt) von %1 bis %2</numerusform>
        </translation>
    </message>
    <message>
        <source>The channels of the selected layer appear here with the first evaluation.</source>
        <translation>Die Kanäle der ausgewählten Schicht erscheinen hier mit der ersten Auswertung.</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 of %n channel(s) kept at step %3</source>
        <translation>
            <numerusform>%1: %2 von %n Kanal bleibt bei Schritt %3</numerusform>
            <numerusform>%1: %2 von %n Kanälen bleiben bei Schritt %3</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: its channels cannot be pruned in this run.</source>
        <translation>%1: ihre Kanäle können in diesem Lauf nicht entfernt werden.</translation>
    </message>
    <message>
        <source>Pruned: gives %1, which is in the next layer&apos;s bias</source>
        <translation>Entfernt: liefert %1; das steckt im Bias der nächsten Schicht</translation>
    </message>
    <message>
        <source>Pruned: gives %1, which is still read</source>
        <translation>Entfernt: liefert %1; das wird weiterhin gelesen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunCurves</name>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>Losses, costs and learning rates on a logarithmic axis.</source>
        <translation>Verluste, Kosten und Lernraten auf einer logarithmischen Achse.</translation>
    </message>
    <message>
        <source>Losses by step</source>
        <translation>Verluste nach Schritt</translation>
    </message>
    <message>
        <source>Accuracy by step</source>
        <translation>Genauigkeit nach Schritt</translation>
    </message>
    <message>
        <source>Bit operations by step</source>
        <translation>Bitoperationen nach Schritt</translation>
    </message>
    <message>
        <source>Learning rates by step</source>
        <translation>Lernraten nach Schritt</translation>
    </message>
    <message>
        <source>Click: look at this step.</source>
        <translation>Klick: diesen Schritt ansehen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunFeed</name>
    <message>
        <source>list the runs</source>
        <translation>die Läufe auflisten</translation>
    </message>
    <message>
        <source>read the run</source>
        <translation>den Lauf lesen</translation>
    </message>
    <message>
        <source>follow the run</source>
        <translation>dem Lauf folgen</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunGates</name>
    <message>
        <source>How probable it is that each gate is open appears here with the first recorded step.</source>
        <translation>Wie wahrscheinlich jedes Gatter offen ist, erscheint hier mit dem ersten aufgezeichneten Schritt.</translation>
    </message>
    <message>
        <source>A row per layer: its weight, and the activation that follows it. A gate is open in evaluation above 0.66; at or below 0.40 nothing opens it again. A level counts only where all lower ones are open. The chip is the width that evaluation would take.</source>
        <translation>Eine Zeile je Schicht: ihr Gewicht und die Aktivierung, die folgt. Ein Gatter ist bei der Auswertung über 0,66 offen; bei 0,40 oder darunter öffnet es nichts mehr. Eine Stufe zählt nur, wo alle niedrigeren offen sind. Das Plättchen ist die Breite, die die Auswertung nähme.</translation>
    </message>
    <message>
        <source>Gates of the layer&apos;s weight by step</source>
        <translation>Gatter des Gewichts der Schicht nach Schritt</translation>
    </message>
    <message>
        <source>Gates of the layer&apos;s activation by step</source>
        <translation>Gatter der Aktivierung der Schicht nach Schritt</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunHeader</name>
    <message>
        <source>Paused</source>
        <translation>Pausiert</translation>
    </message>
    <message>
        <source>Running elsewhere</source>
        <translation>Läuft anderswo</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Stopped, can go on</source>
        <translation>Angehalten, kann weitergehen</translation>
    </message>
    <message>
        <source>step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>step %1</source>
        <translation>Schritt %1</translation>
    </message>
    <message>
        <source>another model</source>
        <translation>ein anderes Modell</translation>
    </message>
    <message>
        <source>λ %1</source>
        <translation>λ %1</translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n Epoche</numerusform>
            <numerusform>%n Epochen</numerusform>
        </translation>
    </message>
    <message>
        <source>State of the run</source>
        <translation>Zustand des Laufs</translation>
    </message>
    <message>
        <source>What the run was asked</source>
        <translation>Worum der Lauf gebeten wurde</translation>
    </message>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>BOPs</source>
        <translation>BOPs</translation>
    </message>
    <message>
        <source>Expected BOPs</source>
        <translation>Erwartete BOPs</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>epoch %1 of %2</source>
        <translation>Epoche %1 von %2</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunKeeper</name>
    <message>
        <source>Histograms of %1</source>
        <translation>Histogramme von %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunLayers</name>
    <message>
        <source>Layers of the run</source>
        <translation>Schichten des Laufs</translation>
    </message>
    <message>
        <source>Widths and pruning of each layer appear here with the first evaluation.</source>
        <translation>Breiten und entfernte Kanäle jeder Schicht erscheinen hier mit der ersten Auswertung.</translation>
    </message>
    <message>
        <source>By the gates that are open at step %1: BOPs %2 of FP32, top-1 %3.</source>
        <translation>Nach den Gattern, die bei Schritt %1 offen sind: BOPs %2 von FP32, Top-1 %3.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunPanel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>A search as it goes on, or as its file tells it later: losses, accuracy and costs, the gates of every layer, channels, ranges, what each layer has come to, and what calls for attention. All views show the same step.</source>
        <translation>Eine Suche, während sie läuft oder wie ihre Datei sie später erzählt: Verluste, Genauigkeit und Kosten, die Gatter jeder Schicht, Kanäle, Bereiche, worauf jede Schicht gekommen ist, und was Aufmerksamkeit verlangt. Alle Ansichten zeigen denselben Schritt.</translation>
    </message>
    <message>
        <source>Which run of the project is shown</source>
        <translation>Welcher Lauf des Projekts gezeigt wird</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Views of the run</source>
        <translation>Ansichten des Laufs</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Gates</source>
        <translation>Gatter</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>Bereiche</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Warnungen</translation>
    </message>
    <message>
        <source>Warnings (%1)</source>
        <translation>Warnungen (%1)</translation>
    </message>
    <message>
        <source>%1 (running)</source>
        <translation>%1 (läuft)</translation>
    </message>
    <message>
        <source>%1 (running elsewhere)</source>
        <translation>%1 (läuft anderswo)</translation>
    </message>
    <message>
        <source>Follow another process&apos;s run. Unavailable: no other process runs a search in this project now.</source>
        <translation>Dem Lauf eines anderen Prozesses folgen. Nicht verfügbar: kein anderer Prozess sucht jetzt in diesem Projekt.</translation>
    </message>
    <message>
        <source>Follow another process&apos;s run. Unavailable: %1 is followed.</source>
        <translation>Dem Lauf eines anderen Prozesses folgen. Nicht verfügbar: %1 wird schon gefolgt.</translation>
    </message>
    <message>
        <source>Follow %1, which another process runs.</source>
        <translation>%1 folgen, das ein anderer Prozess ausführt.</translation>
    </message>
    <message>
        <source>A search of bits appears here while it runs, and any time later: its losses, gates and ranges, and what it came to.</source>
        <translation>Eine Suche nach Bits erscheint hier, während sie läuft und jederzeit danach: ihre Verluste, Gatter und Bereiche, und worauf sie kam.</translation>
    </message>
    <message>
        <source>Open a model to see the searches that were made with it.</source>
        <translation>Öffnen Sie ein Modell, um die Suchen zu sehen, die damit gemacht wurden.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunRanges</name>
    <message>
        <source>Range of the layer&apos;s weight by step</source>
        <translation>Bereich des Gewichts der Schicht nach Schritt</translation>
    </message>
    <message>
        <source>Range of the layer&apos;s activation by step</source>
        <translation>Bereich der Aktivierung der Schicht nach Schritt</translation>
    </message>
    <message>
        <source>%1 (signed)</source>
        <translation>%1 (mit Vorzeichen)</translation>
    </message>
    <message>
        <source>%1 (unsigned)</source>
        <translation>%1 (ohne Vorzeichen)</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunTimeBar</name>
    <message>
        <source>Moment of the run</source>
        <translation>Zeitpunkt des Laufs</translation>
    </message>
    <message>
        <source>Arrow keys go from recorded step to recorded step, End shows the newest</source>
        <translation>Pfeiltasten gehen von einem aufgezeichneten Schritt zum nächsten, Ende zeigt den neuesten</translation>
    </message>
    <message>
        <source>Go back to an earlier step of the run: all views show it.</source>
        <translation>Zu einem früheren Schritt des Laufs zurückgehen: alle Ansichten zeigen ihn.</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Neuester</translation>
    </message>
    <message>
        <source>Always show the newest step.</source>
        <translation>Immer den neuesten Schritt zeigen.</translation>
    </message>
    <message>
        <source>Show the newest step</source>
        <translation>Den neuesten Schritt zeigen</translation>
    </message>
    <message>
        <source>Step %1</source>
        <translation>Schritt %1</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunWarningModel</name>
    <message>
        <source>All channels are pruned, so nothing of the image passes this layer. Take a smaller lambda, or lock its pruning off.</source>
        <translation>Alle Kanäle sind entfernt, also kommt nichts vom Bild durch diese Schicht. Nehmen Sie ein kleineres Lambda, oder sperren Sie das Entfernen hier.</translation>
    </message>
    <message>
        <source>Top-1 goes up and down between evaluations though the bit operations stay. Training on with decided gates steadies it.</source>
        <translation>Top-1 schwankt zwischen den Auswertungen, obwohl die Bitoperationen bleiben. Weitertrainieren mit entschiedenen Gattern beruhigt es.</translation>
    </message>
    <message>
        <source>The range fell to its floor, a millionth of where it started, so nearly all values are clipped. Take a smaller learning rate for the ranges.</source>
        <translation>Der Bereich fiel auf seinen Boden, ein Millionstel seines Anfangs, also werden fast alle Werte abgeschnitten. Nehmen Sie eine kleinere Lernrate für die Bereiche.</translation>
    </message>
    <message numerus="yes">
        <source>At most %n bit(s) from here on: only the regulariser still moves the next gate, and only downwards.</source>
        <translation>
            <numerusform>Ab hier höchstens %n Bit: nur der Regularisierer bewegt das nächste Gatter noch, und nur nach unten.</numerusform>
            <numerusform>Ab hier höchstens %n Bits: nur der Regularisierer bewegt das nächste Gatter noch, und nur nach unten.</numerusform>
        </translation>
    </message>
    <message>
        <source>Step %1: %2</source>
        <translation>Schritt %1: %2</translation>
    </message>
    <message>
        <source>Step %1, %2: %3</source>
        <translation>Schritt %1, %2: %3</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::RunWarnings</name>
    <message>
        <source>No warnings: nothing in the run&apos;s history calls for attention.</source>
        <translation>Keine Warnungen: nichts in der Geschichte des Laufs verlangt Aufmerksamkeit.</translation>
    </message>
    <message>
        <source>Warnings of the run</source>
        <translation>Warnungen des Laufs</translation>
    </message>
    <message>
        <source>Return shows the layer of a warning at the step where it began</source>
        <translation>Eingabe zeigt die Schicht einer Warnung bei dem Schritt, an dem sie begann</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SearchPanel</name>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Start search</source>
        <translation>Suche starten</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Trains the network and its bit widths together. What comes out is packed, read back and measured, and becomes a point of the frontier. A search that was stopped goes on when it is started with the same name and options.</source>
        <translation>Trainiert das Netz und seine Bitbreiten zusammen. Das Ergebnis wird gepackt, zurückgelesen und gemessen und wird ein Punkt der Front. Eine angehaltene Suche geht weiter, wenn sie mit demselben Namen und denselben Optionen gestartet wird.</translation>
    </message>
    <message>
        <source>%1 did not finish</source>
        <translation>%1 wurde nicht fertig</translation>
    </message>
    <message>
        <source>Defaults</source>
        <translation>Vorgaben</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Options that belong together, to start from.</source>
        <translation>Zusammengehörige Optionen als Ausgangspunkt.</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>alle Bilder</translation>
    </message>
    <message>
        <source>first </source>
        <translation>erste </translation>
    </message>
    <message>
        <source> images</source>
        <translation> Bilder</translation>
    </message>
    <message>
        <source>Training images</source>
        <translation>Trainingsbilder</translation>
    </message>
    <message>
        <source>Train on the first images of the training split only; 0: on all. The whole test split judges.</source>
        <translation>Nur auf den ersten Bildern des Trainingsteils trainieren; 0: auf allen. Der ganze Testteil urteilt.</translation>
    </message>
    <message>
        <source>Name of the run</source>
        <translation>Name des Laufs</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Train on</source>
        <translation>Trainieren auf</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Why the search cannot start</source>
        <translation>Warum die Suche nicht starten kann</translation>
    </message>
    <message>
        <source>Progress of the search</source>
        <translation>Fortschritt der Suche</translation>
    </message>
    <message>
        <source>Stop the search</source>
        <translation>Die Suche anhalten</translation>
    </message>
    <message>
        <source>Stop after this step. What was done is kept, and the same name and options go on from there.</source>
        <translation>Nach diesem Schritt anhalten. Das Getane bleibt, und mit demselben Namen und denselben Optionen geht es von dort weiter.</translation>
    </message>
    <message>
        <source>Every option as it is when nothing is said.</source>
        <translation>Jede Option, wie sie ohne Angabe ist.</translation>
    </message>
    <message>
        <source>Give the run a name.</source>
        <translation>Geben Sie dem Lauf einen Namen.</translation>
    </message>
    <message>
        <source>Open a model to search its bits by training.</source>
        <translation>Öffnen Sie ein Modell, um seine Bits durch Training zu suchen.</translation>
    </message>
    <message>
        <source>Train, and watch what happens in the panel Run.</source>
        <translation>Trainieren und im Feld Lauf zusehen, was geschieht.</translation>
    </message>
    <message>
        <source>Stand still after this step, and keep everything.</source>
        <translation>Nach diesem Schritt stillstehen und alles behalten.</translation>
    </message>
    <message>
        <source>more values of %1, as 0.01, 1</source>
        <translation>weitere Werte von %1, etwa 0.01, 1</translation>
    </message>
    <message>
        <source>Values to sweep over</source>
        <translation>Werte der Reihe</translation>
    </message>
    <message>
        <source>Other values of %1, separated by commas: one run and one point each.</source>
        <translation>Weitere Werte von %1, durch Kommas getrennt: je ein Lauf und ein Punkt.</translation>
    </message>
    <message>
        <source>Letters, digits, -, _ and dots. The run and its packed outcome get this name in the project.</source>
        <translation>Buchstaben, Ziffern, -, _ und Punkte. Der Lauf und sein gepacktes Ergebnis heißen so im Projekt.</translation>
    </message>
    <message>
        <source>Also try</source>
        <translation>Auch mit</translation>
    </message>
    <message>
        <source>Lock as in the plan</source>
        <translation>Sperren wie im Plan</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Freeze gates</source>
        <translation>Gatter einfrieren</translation>
    </message>
    <message>
        <source>LAYER=8/8, LAYER=keep, LAYER=free</source>
        <translation>SCHICHT=8/8, SCHICHT=keep, SCHICHT=free</translation>
    </message>
    <message>
        <source>Locks for the running search</source>
        <translation>Sperren für die laufende Suche</translation>
    </message>
    <message>
        <source>What the search may no longer choose: LAYER=WEIGHT/ACTIVATION bits (- stays free), LAYER=keep for all channels, LAYER=free to end a lock.</source>
        <translation>Was die Suche nicht mehr wählen darf: SCHICHT=GEWICHT/AKTIVIERUNG in Bits (- bleibt frei), SCHICHT=keep für alle Kanäle, SCHICHT=free beendet eine Sperre.</translation>
    </message>
    <message>
        <source>Lock layers of the running search</source>
        <translation>Schichten der laufenden Suche sperren</translation>
    </message>
    <message>
        <source>Takes effect with the next step, and is kept with the run.</source>
        <translation>Gilt ab dem nächsten Schritt und bleibt beim Lauf.</translation>
    </message>
    <message>
        <source>Freeze the gates of the running search</source>
        <translation>Die Gatter der laufenden Suche einfrieren</translation>
    </message>
    <message>
        <source>Decide the bits as the gates stand: the fine-tuning with fixed gates begins, or the search ends where none was asked for.</source>
        <translation>Die Bits entscheiden, wie die Gatter stehen: die Feinabstimmung mit festen Gattern beginnt, oder die Suche endet, wenn keine verlangt war.</translation>
    </message>
    <message>
        <source>Nothing was locked</source>
        <translation>Nichts wurde gesperrt</translation>
    </message>
    <message>
        <source>Fill the option lock with the layers that are locked in the plan, at their bits there.</source>
        <translation>Die Option lock mit den Schichten füllen, die im Plan gesperrt sind, mit ihren Bits dort.</translation>
    </message>
    <message>
        <source>No layer of the plan is locked.</source>
        <translation>Keine Schicht des Plans ist gesperrt.</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>How bits are searched. Each method has its own options.</source>
        <translation>Wie Bits gesucht werden. Jedes Verfahren hat eigene Optionen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SearchRun</name>
    <message>
        <source>Open a model to search bits for it.</source>
        <translation>Öffnen Sie ein Modell, um Bits dafür zu suchen.</translation>
    </message>
    <message>
        <source>The project is still being made.</source>
        <translation>Das Projekt wird noch angelegt.</translation>
    </message>
    <message>
        <source>A search is running.</source>
        <translation>Eine Suche läuft.</translation>
    </message>
    <message>
        <source>Top-1 %1 at %2 of the bit operations, %3, read back and equal bit for bit</source>
        <translation>Top-1 %1 bei %2 der Bit-Operationen, %3, zurückgelesen und Bit für Bit gleich</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SensitivityDialog</name>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>Measure sensitivity</source>
        <translation>Empfindlichkeit messen</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>How many of the first images are measured on</source>
        <translation>An wie vielen der ersten Bilder gemessen wird</translation>
    </message>
    <message>
        <source>Bit widths</source>
        <translation>Bitbreiten</translation>
    </message>
    <message>
        <source>Widths to measure, 1 to 16, separated by commas</source>
        <translation>Zu messende Breiten, 1 bis 16, durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Measures the weight of each layer</source>
        <translation>Misst das Gewicht jeder Schicht</translation>
    </message>
    <message>
        <source>Measures each activation tensor</source>
        <translation>Misst jeden Aktivierungstensor</translation>
    </message>
    <message>
        <source>Each weight and each activation tensor is quantized alone, at each width, and the network&apos;s output is compared with the unquantized one. A stopped sweep goes on where it was.</source>
        <translation>Jedes Gewicht und jeder Aktivierungstensor wird für sich quantisiert, bei jeder Breite, und die Ausgabe des Netzes mit der unquantisierten verglichen. Eine angehaltene Messung geht dort weiter, wo sie war.</translation>
    </message>
    <message>
        <source>&amp;Bit widths</source>
        <translation>&amp;Bitbreiten</translation>
    </message>
    <message>
        <source>&amp;Images</source>
        <translation>B&amp;ilder</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>Maß</translation>
    </message>
    <message>
        <source>Give widths from 1 to 16, separated by commas.</source>
        <translation>Geben Sie Breiten von 1 bis 16 an, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>Choose weights, activations or both.</source>
        <translation>Wählen Sie Gewichte, Aktivierungen oder beides.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SensitivityPanel</name>
    <message>
        <source>Sensitivity</source>
        <translation>Empfindlichkeit</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>Aktivierungen</translation>
    </message>
    <message>
        <source>Weights or activations</source>
        <translation>Gewichte oder Aktivierungen</translation>
    </message>
    <message>
        <source>Which of them the map shows</source>
        <translation>Was davon die Karte zeigt</translation>
    </message>
    <message>
        <source>KL divergence</source>
        <translation>KL-Divergenz</translation>
    </message>
    <message>
        <source>Output error</source>
        <translation>Ausgabefehler</translation>
    </message>
    <message>
        <source>Top-1 loss</source>
        <translation>Top-1-Verlust</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Which loss the map, the table and the budget count with</source>
        <translation>Mit welchem Verlust Karte, Tabelle und Budget rechnen</translation>
    </message>
    <message>
        <source>Sensitivity of layers by bit width</source>
        <translation>Empfindlichkeit der Schichten nach Bitbreite</translation>
    </message>
    <message>
        <source>Arrow keys move, Enter gives the plan the width of the cell</source>
        <translation>Pfeiltasten bewegen, die Eingabetaste gibt dem Plan die Breite der Zelle</translation>
    </message>
    <message numerus="yes">
        <source>Click: %1 gets %n bit(s).</source>
        <translation>
            <numerusform>Klick: %1 bekommt %n Bit.</numerusform>
            <numerusform>Klick: %1 bekommt %n Bits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>set %n bit(s) for %1</source>
        <translation>
            <numerusform>%n Bit für %1 setzen</numerusform>
            <numerusform>%n Bits für %1 setzen</numerusform>
        </translation>
    </message>
    <message>
        <source>Open a model to measure what each of its layers loses at each width.</source>
        <translation>Öffnen Sie ein Modell, um zu messen, was jede Schicht bei jeder Breite verliert.</translation>
    </message>
    <message>
        <source>A heat map of what each layer loses at each bit width appears here once it was measured.</source>
        <translation>Eine Wärmekarte, was jede Schicht bei jeder Bitbreite verliert, erscheint hier nach der Messung.</translation>
    </message>
    <message numerus="yes">
        <source>Measuring: means over the first %n image(s) of %1.</source>
        <translation>
            <numerusform>Messung läuft: Mittel über das erste %n Bild von %1.</numerusform>
            <numerusform>Messung läuft: Mittel über die ersten %n Bilder von %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Each cell: one tensor quantized alone; %n image(s) of %1, float accuracy %2. The plan&apos;s widths are outlined.</source>
        <translation>
            <numerusform>Jede Zelle: ein Tensor für sich quantisiert; %n Bild von %1, Genauigkeit ohne Plan %2. Die Breiten des Plans sind umrandet.</numerusform>
            <numerusform>Jede Zelle: ein Tensor für sich quantisiert; %n Bilder von %1, Genauigkeit ohne Plan %2. Die Breiten des Plans sind umrandet.</numerusform>
        </translation>
    </message>
    <message>
        <source>The loss when one tensor alone is quantized to one width: dark cells hurt. A click gives the layer that width. Measured by the sensitivity sweep.</source>
        <translation>Der Verlust, wenn ein Tensor allein auf eine Breite quantisiert wird: Dunkle Zellen schaden. Ein Klick gibt der Schicht diese Breite. Von der Empfindlichkeitsmessung gemessen.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SensitivityRun</name>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>the project is still being made.</source>
        <translation>das Projekt wird gerade angelegt.</translation>
    </message>
    <message>
        <source>Sensitivity of %1</source>
        <translation>Empfindlichkeit von %1</translation>
    </message>
    <message>
        <source>%1 measurements on %2 images</source>
        <translation>%1 Messungen an %2 Bildern</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>These settings hold until the window is closed: the file cannot be written.</source>
        <translation>Diese Einstellungen gelten, bis das Fenster geschlossen wird: Die Datei kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Changes count at once and are kept.</source>
        <translation>Änderungen gelten sofort und bleiben.</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Colours of the window and of all plots.</source>
        <translation>Farben des Fensters und aller Diagramme.</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Counts from the next start on.</source>
        <translation>Gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where jobs run: cpu, cuda or cuda:N.</source>
        <translation>Wo Jobs laufen: cpu, cuda oder cuda:N.</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>Prozessor-Threads</translation>
    </message>
    <message>
        <source>For computing; counts from the next start on.</source>
        <translation>Zum Rechnen; gilt ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>All cores (%1)</source>
        <translation>Alle Kerne (%1)</translation>
    </message>
    <message>
        <source>&amp;Processor threads</source>
        <translation>&amp;Prozessor-Threads</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Of everything random; the same seed gives the same results.</source>
        <translation>Für alles Zufällige; gleicher Startwert, gleiche Ergebnisse.</translation>
    </message>
    <message>
        <source>&amp;Seed</source>
        <translation>S&amp;tartwert</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ShortcutDialog</name>
    <message>
        <source>Assign</source>
        <translation>Zuweisen</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Filter by action or key</source>
        <translation>Nach Aktion oder Taste filtern</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Shows only actions whose name or key holds this text.</source>
        <translation>Zeigt nur Aktionen, deren Name oder Taste diesen Text enthält.</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>Aktionen und ihre Tasten</translation>
    </message>
    <message>
        <source>Choose an action, then give it a key below.</source>
        <translation>Wählen Sie eine Aktion und geben Sie ihr unten eine Taste.</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Press the keys for the chosen action.</source>
        <translation>Drücken Sie die Tasten für die gewählte Aktion.</translation>
    </message>
    <message>
        <source>Conflict</source>
        <translation>Konflikt</translation>
    </message>
    <message>
        <source>Give the chosen action this key.</source>
        <translation>Der gewählten Aktion diese Taste geben.</translation>
    </message>
    <message>
        <source>Give the chosen action its default key again.</source>
        <translation>Der gewählten Aktion wieder ihre vorgegebene Taste geben.</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>Take the key from the chosen action.</source>
        <translation>Der gewählten Aktion die Taste nehmen.</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <source>Give all actions their default keys.</source>
        <translation>Allen Aktionen ihre vorgegebenen Tasten geben.</translation>
    </message>
    <message>
        <source>%1 belongs to &quot;%2&quot;, which will have no key then.</source>
        <translation>%1 gehört zu „%2“, das dann keine Taste mehr hat.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::StandardActions</name>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last change of a plan.</source>
        <translation>Die letzte Änderung eines Plans zurücknehmen.</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>Make the change again that was taken back.</source>
        <translation>Die zurückgenommene Änderung wieder vornehmen.</translation>
    </message>
    <message>
        <source>&amp;Duplicate plan</source>
        <translation>Plan &amp;duplizieren</translation>
    </message>
    <message>
        <source>Make a copy of the shown plan and show it.</source>
        <translation>Eine Kopie des gezeigten Plans anlegen und zeigen.</translation>
    </message>
    <message>
        <source>&amp;Rename plan...</source>
        <translation>Plan &amp;umbenennen...</translation>
    </message>
    <message>
        <source>Give the shown plan another name.</source>
        <translation>Dem gezeigten Plan einen anderen Namen geben.</translation>
    </message>
    <message>
        <source>Re&amp;move plan</source>
        <translation>Plan &amp;entfernen</translation>
    </message>
    <message>
        <source>Take the shown plan out of the list; undo brings it back.</source>
        <translation>Den gezeigten Plan aus der Liste nehmen; Rückgängig bringt ihn zurück.</translation>
    </message>
    <message>
        <source>Re&amp;vert to saved</source>
        <translation>Auf &amp;Gespeichertes zurücksetzen</translation>
    </message>
    <message>
        <source>Set the shown plan back to how it was saved; undo brings the changes back.</source>
        <translation>Den gezeigten Plan auf den gespeicherten Stand setzen; Rückgängig bringt die Änderungen zurück.</translation>
    </message>
    <message>
        <source>&amp;Next plan</source>
        <translation>&amp;Nächster Plan</translation>
    </message>
    <message>
        <source>Show the next plan.</source>
        <translation>Den nächsten Plan zeigen.</translation>
    </message>
    <message>
        <source>&amp;Previous plan</source>
        <translation>&amp;Voriger Plan</translation>
    </message>
    <message>
        <source>Show the plan before this one.</source>
        <translation>Den Plan vor diesem zeigen.</translation>
    </message>
    <message>
        <source>nothing was changed yet.</source>
        <translation>noch wurde nichts geändert.</translation>
    </message>
    <message>
        <source>nothing was taken back.</source>
        <translation>nichts wurde zurückgenommen.</translation>
    </message>
    <message>
        <source>no model is open.</source>
        <translation>es ist kein Modell offen.</translation>
    </message>
    <message>
        <source>there is only one plan.</source>
        <translation>es gibt nur einen Plan.</translation>
    </message>
    <message>
        <source>this plan was not saved yet.</source>
        <translation>dieser Plan wurde noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>it has no changes since it was saved.</source>
        <translation>er hat keine Änderungen, seit er gespeichert wurde.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::StatusLine</name>
    <message>
        <source>Status</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Running job</source>
        <translation>Laufender Job</translation>
    </message>
    <message>
        <source>Show the jobs.</source>
        <translation>Die Jobs zeigen.</translation>
    </message>
    <message>
        <source>Progress of the running job</source>
        <translation>Fortschritt des laufenden Jobs</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>The open model and its number of layers.</source>
        <translation>Das offene Modell und die Zahl seiner Schichten.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>Plan</translation>
    </message>
    <message>
        <source>The plan that is shown.</source>
        <translation>Der Plan, der gezeigt wird.</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Kosten</translation>
    </message>
    <message>
        <source>Bytes of the packed model and bit operations of the shown plan.</source>
        <translation>Bytes des gepackten Modells und Bitoperationen des gezeigten Plans.</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Where jobs run; the settings change it.</source>
        <translation>Wo Jobs laufen; die Einstellungen ändern es.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n layers</source>
        <translation>
            <numerusform>%1, %n Schicht</numerusform>
            <numerusform>%1, %n Schichten</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2 of FP32 BOPs</source>
        <translation>%1, %2 der FP32-BOPs</translation>
    </message>
    <message>
        <source>%1: stopping</source>
        <translation>%1: hält an</translation>
    </message>
    <message>
        <source>%1: paused</source>
        <translation>%1: angehalten</translation>
    </message>
    <message>
        <source>%1, %2 left</source>
        <translation>%1, noch %2</translation>
    </message>
    <message>
        <source>(+%1)</source>
        <translation>(+%1)</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::VerificationView</name>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>What was compared</source>
        <translation>Was verglichen wurde</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alle kopieren</translation>
    </message>
    <message>
        <source>Copy every listed difference, one per line.</source>
        <translation>Kopiert jede gezeigte Abweichung, eine je Zeile.</translation>
    </message>
    <message>
        <source>Differences</source>
        <translation>Abweichungen</translation>
    </message>
    <message>
        <source>Not verified yet.</source>
        <translation>Noch nicht geprüft.</translation>
    </message>
    <message>
        <source>Verifying reads the whole file: its checksums, and with a float model each code, scale and value and the answers to a reference batch.</source>
        <translation>Das Prüfen liest die ganze Datei: ihre Prüfsummen, und mit einem Gleitkommamodell jeden Code, jede Skala, jeden Wert und die Antworten auf einen Referenzstapel.</translation>
    </message>
    <message numerus="yes">
        <source>Not verified: the file differs in %1 place(s)</source>
        <translation>
            <numerusform>Nicht bestätigt: die Datei weicht an %1 Stelle ab</numerusform>
            <numerusform>Nicht bestätigt: die Datei weicht an %1 Stellen ab</numerusform>
        </translation>
    </message>
    <message>
        <source>The file is sound: all checksums are right</source>
        <translation>Die Datei ist heil: alle Prüfsummen stimmen</translation>
    </message>
    <message>
        <source>Verified: every code, scale and value is the model&apos;s</source>
        <translation>Bestätigt: jeder Code, jede Skala und jeder Wert ist der des Modells</translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) read; nothing was compared with a model.</source>
        <translation>
            <numerusform>%n Tensor gelesen; nichts wurde mit einem Modell verglichen.</numerusform>
            <numerusform>%n Tensoren gelesen; nichts wurde mit einem Modell verglichen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tensor(s) compared with %1.</source>
        <translation>
            <numerusform>%n Tensor mit %1 verglichen.</numerusform>
            <numerusform>%n Tensoren mit %1 verglichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>The first %1 of each tensor are listed.</source>
        <translation>Von jedem Tensor werden die ersten %1 gezeigt.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::ViewActions</name>
    <message>
        <source>&amp;Layouts</source>
        <translation>&amp;Anordnungen</translation>
    </message>
    <message>
        <source>&amp;Save layout as...</source>
        <translation>Anordnung &amp;speichern unter...</translation>
    </message>
    <message>
        <source>Keep the arrangement of the panels under a name.</source>
        <translation>Die Anordnung der Bereiche unter einem Namen behalten.</translation>
    </message>
    <message>
        <source>&amp;Import layout...</source>
        <translation>Anordnung &amp;importieren...</translation>
    </message>
    <message>
        <source>Add a layout from a file.</source>
        <translation>Eine Anordnung aus einer Datei hinzufügen.</translation>
    </message>
    <message>
        <source>&amp;Reset layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>Put all panels where they fit this size of the window.</source>
        <translation>Alle Bereiche dorthin setzen, wo sie bei dieser Fenstergröße passen.</translation>
    </message>
    <message>
        <source>Theme of the s&amp;ystem</source>
        <translation>Farbschema des S&amp;ystems</translation>
    </message>
    <message>
        <source>Light or dark, as the system was at the start.</source>
        <translation>Hell oder dunkel, wie das System beim Start war.</translation>
    </message>
    <message>
        <source>Li&amp;ght theme</source>
        <translation>&amp;Helles Farbschema</translation>
    </message>
    <message>
        <source>Dark text on light ground, for the window and all plots.</source>
        <translation>Dunkler Text auf hellem Grund, für das Fenster und alle Diagramme.</translation>
    </message>
    <message>
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkles Farbschema</translation>
    </message>
    <message>
        <source>Light text on dark ground, for the window and all plots.</source>
        <translation>Heller Text auf dunklem Grund, für das Fenster und alle Diagramme.</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>Use the whole screen, and back.</source>
        <translation>Den ganzen Bildschirm nutzen, und zurück.</translation>
    </message>
    <message>
        <source>&amp;Apply</source>
        <translation>&amp;Anwenden</translation>
    </message>
    <message>
        <source>The layout &quot;%1&quot; was not applied.</source>
        <translation>Die Anordnung „%1“ wurde nicht angewendet.</translation>
    </message>
    <message>
        <source>It belongs to another version of the program.</source>
        <translation>Sie gehört zu einer anderen Version des Programms.</translation>
    </message>
    <message>
        <source>&amp;Replace by the present one</source>
        <translation>Durch die jetzige e&amp;rsetzen</translation>
    </message>
    <message>
        <source>&amp;Export...</source>
        <translation>&amp;Exportieren...</translation>
    </message>
    <message>
        <source>Re&amp;move</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <source>No layout was saved yet</source>
        <translation>Noch wurde keine Anordnung gespeichert</translation>
    </message>
    <message>
        <source>Save layout</source>
        <translation>Anordnung speichern</translation>
    </message>
    <message>
        <source>Name of the layout; one of the same name is replaced</source>
        <translation>Name der Anordnung; eine gleichen Namens wird ersetzt</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Export layout</source>
        <translation>Anordnung exportieren</translation>
    </message>
    <message>
        <source>Layouts (*%1)</source>
        <translation>Anordnungen (*%1)</translation>
    </message>
    <message>
        <source>The layout was not exported.</source>
        <translation>Die Anordnung wurde nicht exportiert.</translation>
    </message>
    <message>
        <source>Import layout</source>
        <translation>Anordnung importieren</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>No layout was imported.</source>
        <translation>Keine Anordnung wurde importiert.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::WelcomePage</name>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Bitloom&apos;s sign</source>
        <translation>Zeichen von Bitloom</translation>
    </message>
    <message>
        <source>Choose how many bits each layer of a neural network gets, see at once what that costs, and export a file that is proven.</source>
        <translation>Legen Sie fest, wie viele Bits jede Schicht eines neuronalen Netzes bekommt, sehen Sie sofort, was das kostet, und exportieren Sie eine geprüfte Datei.</translation>
    </message>
    <message>
        <source>Progress of the example</source>
        <translation>Fortschritt des Beispiels</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop making the example; what is there of it is removed.</source>
        <translation>Das Erstellen des Beispiels beenden; was davon da ist, wird entfernt.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginnen</translation>
    </message>
    <message>
        <source>What to do first</source>
        <translation>Was zuerst zu tun ist</translation>
    </message>
    <message>
        <source>Open a model. Nothing in it is executed.</source>
        <translation>Modell öffnen. Nichts darin wird ausgeführt.</translation>
    </message>
    <message>
        <source>Set bits by hand; bytes and bit operations follow each edit.</source>
        <translation>Bits von Hand setzen; Bytes und Bitoperationen folgen jeder Änderung.</translation>
    </message>
    <message>
        <source>Measure the sensitivity of each layer, then give a budget.</source>
        <translation>Die Empfindlichkeit jeder Schicht messen, dann ein Budget geben.</translation>
    </message>
    <message>
        <source>Evaluate, compare, export. The file is read back and proven.</source>
        <translation>Auswerten, vergleichen, exportieren. Die Datei wird zurückgelesen und geprüft.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Clear list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Forget all of them; the files stay.</source>
        <translation>Alle vergessen; die Dateien bleiben.</translation>
    </message>
    <message>
        <source>Models and projects that you open will be listed here.</source>
        <translation>Modelle und Projekte, die Sie öffnen, stehen dann hier.</translation>
    </message>
    <message>
        <source>Recent models and projects</source>
        <translation>Zuletzt geöffnete Modelle und Projekte</translation>
    </message>
    <message>
        <source>Enter opens, Delete takes an entry from the list.</source>
        <translation>Die Eingabetaste öffnet, Entfernen nimmt einen Eintrag aus der Liste.</translation>
    </message>
    <message>
        <source>Remove from list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>built-in architecture</source>
        <translation>eingebaute Architektur</translation>
    </message>
    <message>
        <source>Or drop a model, a state dict or a project folder anywhere here.</source>
        <translation>Oder legen Sie ein Modell, ein State Dict oder einen Projektordner irgendwo hier ab.</translation>
    </message>
</context>
<context>
    <name>bitloom::workbench::Workbench</name>
    <message>
        <source>&quot;%1&quot; did not finish.</source>
        <translation>„%1“ wurde nicht fertig.</translation>
    </message>
    <message>
        <source>The settings could not be read; the defaults are used.</source>
        <translation>Die Einstellungen konnten nicht gelesen werden; es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The old file was kept as %1.damaged.</source>
        <translation>Die alte Datei wurde als %1.damaged aufgehoben.</translation>
    </message>
    <message>
        <source>The settings were written by a later version of Bitloom.</source>
        <translation>Die Einstellungen stammen von einer späteren Version von Bitloom.</translation>
    </message>
    <message>
        <source>What this version understands is used.</source>
        <translation>Was diese Version davon versteht, gilt.</translation>
    </message>
    <message>
        <source>Changes of settings are not kept.</source>
        <translation>Änderungen der Einstellungen werden nicht behalten.</translation>
    </message>
    <message>
        <source>Changes are not kept. Check the permissions of %1.</source>
        <translation>Änderungen werden nicht behalten. Prüfen Sie die Rechte an %1.</translation>
    </message>
    <message>
        <source>The settings could not be saved.</source>
        <translation>Die Einstellungen konnten nicht gespeichert werden.</translation>
    </message>
    <message>
        <source>They stay in force until you close the window.</source>
        <translation>Sie gelten, bis Sie das Fenster schließen.</translation>
    </message>
    <message>
        <source>Command &amp;palette...</source>
        <translation>Befehls&amp;palette...</translation>
    </message>
    <message>
        <source>Find and run any action, plan or layer by a few letters of its name.</source>
        <translation>Jede Aktion, jeden Plan und jede Schicht mit ein paar Buchstaben finden und ausführen.</translation>
    </message>
    <message>
        <source>it is being made.</source>
        <translation>es wird gerade erstellt.</translation>
    </message>
    <message>
        <source>Making the example: %1</source>
        <translation>Beispiel wird erstellt: %1</translation>
    </message>
    <message>
        <source>The example was not made.</source>
        <translation>Das Beispiel wurde nicht erstellt.</translation>
    </message>
    <message>
        <source>Only the first of the dropped files is opened.</source>
        <translation>Nur die erste der abgelegten Dateien wird geöffnet.</translation>
    </message>
    <message>
        <source>A window shows one model.</source>
        <translation>Ein Fenster zeigt ein Modell.</translation>
    </message>
    <message>
        <source>Opening %1...</source>
        <translation>%1 wird geöffnet...</translation>
    </message>
    <message>
        <source>%1 is %2, not a model.</source>
        <translation>%1 ist %2, kein Modell.</translation>
    </message>
    <message>
        <source>Open its model or its project first.</source>
        <translation>Öffnen Sie zuerst sein Modell oder sein Projekt.</translation>
    </message>
    <message>
        <source>%1 was not opened.</source>
        <translation>%1 wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>Could not %1.</source>
        <translation>%1 war nicht möglich.</translation>
    </message>
    <message>
        <source>The bits are those of the file, which does not say all of them.</source>
        <translation>Die Bit sind die der Datei, die nicht alle nennt.</translation>
    </message>
    <message>
        <source>Set what is missing in the layer table.</source>
        <translation>Was fehlt, lässt sich in der Schichttabelle setzen.</translation>
    </message>
</context>
</TS>
