<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>aerialseg</name>
    <message>
        <location filename="../download.py"/>
        <source>{} does not give the file ({}). Nothing was added; try again later.</source>
        <translation>{} gibt die Datei nicht heraus ({}). Nichts wurde hinzugefügt; später noch einmal versuchen.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Another set-up is running in this profile.</source>
        <translation>In diesem Profil läuft bereits eine Einrichtung.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>End runs of aerialseg in all windows of QGIS, and try again.</source>
        <translation>Beenden Sie die Läufe von aerialseg in allen Fenstern von QGIS und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Fetching Python {}</source>
        <translation>Python {} wird geholt</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Install with: {} – or clear the field “Interpreter” in {}.</source>
        <translation>Installieren Sie mit: {} – oder leeren Sie das Feld „Interpreter“ unter {}.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Installing {} packages {}</source>
        <translation>{} Pakete werden {} installiert</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Make room and try again.</source>
        <translation>Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Make room where the QGIS profile is, and try again.</source>
        <translation>Schaffen Sie Platz, wo das QGIS-Profil liegt, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Making an environment with {} (Python {})</source>
        <translation>Die Umgebung wird mit {} (Python {}) angelegt</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Name another in {}.</source>
        <translation>Geben Sie unter {} einen anderen an.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>No other Python was found on this machine, and none could be fetched.</source>
        <translation>Kein anderes Python wurde auf diesem Rechner gefunden, und keines konnte geholt werden.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>On Debian and Ubuntu: sudo apt install python3-venv. Elsewhere name another Python in {}.</source>
        <translation>Unter Debian und Ubuntu: sudo apt install python3-venv. Sonst geben Sie unter {} ein anderes Python an.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Proxy: {}</source>
        <translation>Proxy: {}</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <location filename="../environment/pip_errors.py"/>
        <source>Run Diagnose in {} and report what it says.</source>
        <translation>Starten Sie unter {} die Diagnose und melden Sie, was sie ausgibt.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Start QGIS with a profile folder that you may write to.</source>
        <translation>Starten Sie QGIS mit einem Profilordner, in den Sie schreiben dürfen.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The environment could not be made in {}: {}.</source>
        <translation>Die Umgebung konnte in {} nicht angelegt werden: {}.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The environment in {} is in use.</source>
        <translation>Die Umgebung in {} ist in Gebrauch.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The environment is ready: {}</source>
        <translation>Die Umgebung ist bereit: {}</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The folder of wheels {} is not there.</source>
        <translation>Den Ordner mit Wheels {} gibt es nicht.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The folder {} cannot be written{}.</source>
        <translation>In den Ordner {} kann nicht geschrieben werden{}.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The interpreter {} is in use, and aerialseg installs nothing into it.</source>
        <translation>Der Interpreter {} ist in Gebrauch, und aerialseg installiert nichts in ihn.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The packages are installed, but {}</source>
        <translation>Die Pakete sind installiert, aber: {}</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>The set-up needs {} MB, and the disk of {} has {} MB left.</source>
        <translation>Die Einrichtung braucht {} MB, und der Datenträger von {} hat noch {} MB frei.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Trying it</source>
        <translation>Die Umgebung wird ausprobiert</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>Wait until it is done, or cancel it.</source>
        <translation>Warten Sie, bis sie fertig ist, oder brechen Sie sie ab.</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>from the folder {}</source>
        <translation>aus dem Ordner {}</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>from the package index</source>
        <translation>aus dem Paketindex</translation>
    </message>
    <message>
        <location filename="../environment/installer.py"/>
        <source>{} cannot make virtual environments.</source>
        <translation>{} kann keine virtuellen Umgebungen anlegen.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>Make an environment with Python {}, install into it with: {} – and name its python in {}.</source>
        <translation>Legen Sie eine Umgebung mit Python {} an, installieren Sie darin mit: {} – und geben Sie ihr python unter {} an.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>Name a Python {} or newer in {}.</source>
        <translation>Geben Sie ein Python {} oder neuer unter {} an.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>QGIS&apos;s Python is {}, and aerialseg needs {} or newer.</source>
        <translation>Das Python von QGIS ist {}, und aerialseg braucht {} oder neuer.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>QGIS&apos;s own Python was not found.</source>
        <translation>Das Python von QGIS wurde nicht gefunden.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>Training needs TensorFlow, which there is for Python {} to {}; QGIS&apos;s Python is {}.</source>
        <translation>Das Training braucht TensorFlow, das es für Python {} bis {} gibt; das Python von QGIS ist {}.</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <location filename="../environment/interpreter.py"/>
        <source>{} does not work as a Python: {}.</source>
        <translation>{} funktioniert nicht als Python: {}.</translation>
    </message>
    <message>
        <location filename="../environment/job.py"/>
        <source>The system says: {}.</source>
        <translation>Das System meldet: {}.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>A package arrived damaged.</source>
        <translation>Ein Paket ist beschädigt angekommen.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>End runs of aerialseg in other windows of QGIS, and try again.</source>
        <translation>Beenden Sie Läufe von aerialseg in anderen Fenstern von QGIS und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Fill it on a computer of the same kind with: pip download -r run.txt.</source>
        <translation>Füllen Sie ihn auf einem Rechner der gleichen Art mit: pip download -r run.txt.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>If a firewall opens connections, name its certificate in the variable PIP_CERT and restart QGIS.</source>
        <translation>Falls eine Firewall Verbindungen aufbricht, geben Sie deren Zertifikat in der Variablen PIP_CERT an und starten QGIS neu.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Make room where the QGIS profile and its packages go, and try again.</source>
        <translation>Schaffen Sie Platz, wo das QGIS-Profil und seine Pakete liegen, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Name a Python between 3.10 and 3.13 that has the packages, in {}.</source>
        <translation>Geben Sie unter {} ein Python zwischen 3.10 und 3.13 an, das die Pakete hat.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>QGIS&apos;s proxy is in Settings → Options → Network. Without a network, name a folder of wheels in {}.</source>
        <translation>Der Proxy von QGIS steht unter Einstellungen → Optionen → Netzwerk. Ohne Netzwerk geben Sie unter {} einen Ordner mit Wheels an.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Some files of the environment cannot be written.</source>
        <translation>Einige Dateien der Umgebung können nicht geschrieben werden.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Switch long paths on (LongPathsEnabled, as an administrator), and try again.</source>
        <translation>Schalten Sie lange Pfade ein (LongPathsEnabled, als Administrator) und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The disk is full.</source>
        <translation>Der Datenträger ist voll.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The folder {} has no wheel of {} for Python {} on this system.</source>
        <translation>Der Ordner {} enthält von {} kein Wheel für Python {} auf diesem System.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The package index cannot be reached.</source>
        <translation>Der Paketindex ist nicht erreichbar.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The package index gave no {}.</source>
        <translation>Zu {} hat der Paketindex nichts geliefert.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The package index shows a certificate that pip does not trust.</source>
        <translation>Der Paketindex weist sich mit einem Zertifikat aus, dem pip nicht vertraut.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The packages could not be installed: {}</source>
        <translation>Die Pakete konnten nicht installiert werden: {}</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The proxy did not let pip through.</source>
        <translation>Der Proxy hat pip nicht durchgelassen.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>The proxy refused the user or the password.</source>
        <translation>Der Proxy hat den Benutzer oder das Passwort abgelehnt.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>There is no wheel of {} for Python {} on this system.</source>
        <translation>Von {} gibt es kein Wheel für Python {} auf diesem System.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Try again.</source>
        <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>Windows allows no file names as long as those of some packages.</source>
        <translation>Windows lässt keine so langen Dateinamen zu, wie manche Pakete sie haben.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>a package</source>
        <translation>einem Paket</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>pip cannot go through a SOCKS proxy.</source>
        <translation>pip kann keinen SOCKS-Proxy benutzen.</translation>
    </message>
    <message>
        <location filename="../environment/pip_errors.py"/>
        <source>pip said nothing</source>
        <translation>pip hat nichts gemeldet</translation>
    </message>
    <message>
        <location filename="../environment/problem.py"/>
        <source>Settings → Options → aerialseg</source>
        <translation>Einstellungen → Optionen → aerialseg</translation>
    </message>
    <message>
        <location filename="../environment/problem.py"/>
        <source>The set-up was cancelled; nothing of it is left.</source>
        <translation>Die Einrichtung wurde abgebrochen; von ihr ist nichts übrig.</translation>
    </message>
    <message>
        <location filename="../environment/programs.py"/>
        <source>{} cannot be started: {}.</source>
        <translation>{} kann nicht gestartet werden: {}.</translation>
    </message>
    <message>
        <location filename="../environment/programs.py"/>
        <source>{} does not answer within {} s.</source>
        <translation>{} antwortet nicht innerhalb von {} s.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Correct it, or leave it empty for the plugin&apos;s own environment.</source>
        <translation>Berichtigen Sie die Angabe, oder lassen Sie sie leer, um die Umgebung der Erweiterung zu benutzen.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Install what is missing with: {} – or name another interpreter in {}.</source>
        <translation>Installieren Sie, was fehlt, mit: {} – oder geben Sie unter {} einen anderen Interpreter an.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Named by the user</source>
        <translation>vom Benutzer angegeben</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Press “Install training too” in {}.</source>
        <translation>Klicken Sie auf „Auch Training installieren“ unter {}.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Press “{}” in {}.</source>
        <translation>Klicken Sie auf „{}“ unter {}.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Python {}</source>
        <translation>Python {}</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Python {}, named by the user</source>
        <translation>Python {}, vom Benutzer angegeben</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <location filename="../gui/wdg_setup.py"/>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <location filename="../gui/wdg_setup.py"/>
        <source>Set up</source>
        <translation>Einrichten</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>The Python that the environment was made with is gone, perhaps with an update of QGIS.</source>
        <translation>Das Python, mit dem die Umgebung angelegt wurde, ist verschwunden, vielleicht durch ein Update von QGIS.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>The environment is not set up yet.</source>
        <translation>Die Umgebung ist noch nicht eingerichtet.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>The environment was made for another version of the plugin.</source>
        <translation>Die Umgebung wurde für eine andere Version der Erweiterung angelegt.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>The interpreter {} that is named in {} is not there or cannot be started.</source>
        <translation>Den Interpreter {}, der in {} angegeben ist, gibt es nicht, oder er lässt sich nicht starten.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>Training is not installed.</source>
        <translation>Das Training ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>it ended with code {}.</source>
        <translation>es endete mit dem Code {}.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} does not import ({}: {}).</source>
        <translation>{} lässt sich nicht importieren ({}: {}).</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} does not start: {}</source>
        <translation>{} startet nicht: {}</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} does not work as a Python: {}</source>
        <translation>{} funktioniert nicht als Python: {}</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} is Python {}, and aerialseg needs {} or newer.</source>
        <translation>{} ist Python {}, und aerialseg braucht {} oder neuer.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} lacks what training needs.</source>
        <translation>In {} fehlt, was das Training braucht.</translation>
    </message>
    <message>
        <location filename="../environment/state.py"/>
        <source>{} lacks {}.</source>
        <translation>In {} fehlt: {}.</translation>
    </message>
    <message>
        <location filename="../ground.py"/>
        <source>Parts of the ground are unlike that of the model&apos;s training images ({unlike} of {windows} samples): look closely at the result there.</source>
        <translation>Teile des Geländes gleichen nicht dem der Trainingsbilder des Modells ({unlike} von {windows} Proben): Sehen Sie sich das Ergebnis dort genau an.</translation>
    </message>
    <message>
        <location filename="../ground.py"/>
        <source>The ground is like that of the model&apos;s training images ({unlike} of {windows} samples are not).</source>
        <translation>Das Gelände gleicht dem der Trainingsbilder des Modells ({unlike} von {windows} Proben nicht).</translation>
    </message>
    <message>
        <location filename="../ground.py"/>
        <source>The ground is unlike that of the model&apos;s training images ({unlike} of {windows} samples): the model does not know it, and the result may be wrong.</source>
        <translation>Das Gelände gleicht nicht dem der Trainingsbilder des Modells ({unlike} von {windows} Proben): Das Modell kennt es nicht, und das Ergebnis kann falsch sein.</translation>
    </message>
    <message>
        <location filename="../ground.py"/>
        <source>The image is coarser than what the model knows ({} m per pixel, not {} to {}): expect errors.</source>
        <translation>Das Bild ist gröber, als das Modell es kennt ({} m je Pixel, nicht {} bis {}): Rechnen Sie mit Fehlern.</translation>
    </message>
    <message>
        <location filename="../gui/algorithm_run.py"/>
        <location filename="../gui/page_map.py"/>
        <location filename="../gui/wdg_retrain.py"/>
        <source>It failed; the log says more.</source>
        <translation>Fehlgeschlagen; mehr steht im Protokoll.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>Give {} names, with commas between them; these are {}.</source>
        <translation>{} Namen angeben, durch Kommas getrennt; das sind {}.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>Metres per pixel that it was trained on</source>
        <translation>Meter je Pixel, mit denen es trainiert wurde</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>Names of its {} classes, in their order</source>
        <translation>Namen seiner {} Klassen, in ihrer Reihenfolge</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>Pixel values are divided by</source>
        <translation>Pixelwerte werden geteilt durch</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>What is {}?</source>
        <translation>Was ist {}?</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>Who published the model says it.</source>
        <translation>Wer das Modell veröffentlicht hat, sagt es.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>empty: images are read as they are</source>
        <translation>leer: Bilder werden gelesen, wie sie sind</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>such as: background, building, road</source>
        <translation>etwa: Hintergrund, Gebäude, Straße</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>{} is no number of metres. Give one such as 0.2, or leave it empty.</source>
        <translation>{} ist keine Zahl von Metern. Eine wie 0.2 angeben, oder das Feld leer lassen.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_model_card.py"/>
        <source>{} is no number to divide by. Give one such as 255.</source>
        <translation>Durch {} kann nicht geteilt werden. Eine Zahl wie 255 angeben.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Add a file…</source>
        <translation>Datei hinzufügen…</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Added</source>
        <translation>Hinzugefügt</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Bands: {}</source>
        <translation>Kanäle: {}</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/form_map.py"/>
        <location filename="../gui/page_areas.py"/>
        <location filename="../gui/wdg_run_progress.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Choose this model in the dock</source>
        <translation>Dieses Modell im Bedienfeld wählen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../gui/wdg_training_layer.py"/>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../wording/words.py"/>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>End the download; nothing of it stays</source>
        <translation>Das Herunterladen beenden; nichts davon bleibt</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Fetch the file, try it and add it</source>
        <translation>Die Datei holen, ausprobieren und hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Forget what the file was the first time; then download it</source>
        <translation>Vergessen, wie die Datei beim ersten Mal war; dann herunterladen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../wording/words.py"/>
        <source>Ground</source>
        <translation>Gelände</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Its SHA-256 is not published: that of the first download is kept, and holds from then on.</source>
        <translation>Ihr SHA-256 ist nicht veröffentlicht: Der des ersten Herunterladens wird behalten und gilt von da an.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/wdg_header.py"/>
        <location filename="../gui/wdg_model.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <location filename="../wording/words.py"/>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>Models (*.onnx)</source>
        <translation>Modelle (*.onnx)</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Nobody of aerialseg has run this file: what stands here is what its publisher says. Mind the licence.</source>
        <translation>Von aerialseg hat niemand diese Datei ausgeführt: Hier steht, was der Herausgeber sagt. Die Lizenz beachten.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Open page</source>
        <translation>Seite öffnen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Progress of the download</source>
        <translation>Fortschritt des Herunterladens</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Published by others: not tried by us</source>
        <translation>Von anderen veröffentlicht: von uns nicht ausprobiert</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Published by others: tried by us</source>
        <translation>Von anderen veröffentlicht: von uns ausprobiert</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>SHA-256 of the file that was downloaded: {}</source>
        <translation>SHA-256 der heruntergeladenen Datei: {}</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Shipped with aerialseg</source>
        <translation>Mit aerialseg geliefert</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Take an added model out of the list</source>
        <translation>Ein hinzugefügtes Modell aus der Liste nehmen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>The address of the file is not known here: get it from that page, then add it.</source>
        <translation>Die Adresse der Datei ist hier nicht bekannt: sie von jener Seite holen, dann hinzufügen.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>The file must have the SHA-256 {}.</source>
        <translation>Die Datei muss den SHA-256 {} haben.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/model_fetching.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>The model is tried …</source>
        <translation>Das Modell wird ausprobiert …</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>The page of who publishes it</source>
        <translation>Die Seite des Herausgebers</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Trust the new file</source>
        <translation>Der neuen Datei vertrauen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Try a model file of your own, and add it</source>
        <translation>Eine eigene Modelldatei ausprobieren und hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>aerialseg has run this file, and maps as its publisher&apos;s program does. How good they are was not judged.</source>
        <translation>aerialseg hat diese Datei ausgeführt und kartiert wie das Programm des Herausgebers. Wie gut das ist, wurde nicht beurteilt.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>any</source>
        <translation>beliebig</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>not told</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>{} MB</source>
        <translation>{} MB</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>{} cannot be removed: {}.</source>
        <translation>{} kann nicht entfernt werden: {}.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>{} has been tried and added.</source>
        <translation>{} wurde ausprobiert und hinzugefügt.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>{} m</source>
        <translation>{} m</translation>
    </message>
    <message>
        <location filename="../gui/dlg_models.py"/>
        <source>{} to {} m</source>
        <translation>{} bis {} m</translation>
    </message>
    <message>
        <location filename="../gui/dlg_text.py"/>
        <source>C&amp;opy</source>
        <translation>K&amp;opieren</translation>
    </message>
    <message>
        <location filename="../gui/dlg_text.py"/>
        <source>Put the text on the clipboard</source>
        <translation>Den Text in die Zwischenablage kopieren</translation>
    </message>
    <message>
        <location filename="../gui/dlg_text.py"/>
        <source>Your first map in QGIS</source>
        <translation>Ihre erste Karte in QGIS</translation>
    </message>
    <message>
        <location filename="../gui/dlg_training.py"/>
        <source>Images and labels are looked at first. Closing this window ends nothing.</source>
        <translation>Bilder und Beschriftungen werden zuerst angesehen. Dieses Fenster zu schließen beendet nichts.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_training.py"/>
        <source>The model learns. Closing this window ends nothing.</source>
        <translation>Das Modell lernt. Dieses Fenster zu schließen beendet nichts.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_training.py"/>
        <source>The training has ended; its log says how.</source>
        <translation>Das Training ist zu Ende; sein Protokoll sagt, wie.</translation>
    </message>
    <message>
        <location filename="../gui/dlg_training.py"/>
        <source>Training of {}</source>
        <translation>Training von {}</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Balanced – takes about five times as long</source>
        <translation>Ausgewogen – etwa 5-mal so lange</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Best – takes about twenty-five times as long</source>
        <translation>Am besten – etwa 25-mal so lange</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Error: </source>
        <translation>Fehler: </translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>How much patches overlap, and whether turned and mirrored ones are averaged.</source>
        <translation>Wie weit sich Kacheln überlappen und ob über gedrehte und gespiegelte gemittelt wird.</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>No-data value and bands of the layer</source>
        <translation>NoData-Wert und Kanäle des Layers</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Preview here</source>
        <translation>Vorschau hier</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <location filename="../gui/page_areas.py"/>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Run</source>
        <translation>Starten</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Save to</source>
        <translation>Speichern unter</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Stop the run; nothing of it is kept.</source>
        <translation>Den Lauf anhalten; nichts davon wird behalten.</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>The line for a terminal or a server that does the same.</source>
        <translation>Die Zeile, die in einem Terminal oder auf einem Server dasselbe tut.</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Then click on the map: what the model finds there is laid over it.</source>
        <translation>Dann auf die Karte klicken: Was das Modell dort findet, wird darübergelegt.</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Warning: </source>
        <translation>Warnung: </translation>
    </message>
    <message>
        <location filename="../gui/layer_opening.py"/>
        <source>The result {} cannot be loaded.</source>
        <translation>Das Ergebnis {} kann nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../gui/layer_opening.py"/>
        <source>aerialseg: open the layers</source>
        <translation>aerialseg: Layer öffnen</translation>
    </message>
    <message>
        <location filename="../gui/model_check.py"/>
        <source>There is an added model {} already. Remove that one first, or rename this file.</source>
        <translation>Ein hinzugefügtes Modell {} gibt es schon. Dieses zuerst entfernen, oder die Datei umbenennen.</translation>
    </message>
    <message>
        <location filename="../gui/model_check.py"/>
        <source>aerialseg: trying a model</source>
        <translation>aerialseg: Modell wird ausprobiert</translation>
    </message>
    <message>
        <location filename="../gui/model_check.py"/>
        <source>{} is another file than expected: its SHA-256 is {}, not {}. Nothing was added. Download it again; if that does not help, ask who publishes it.</source>
        <translation>{} ist eine andere Datei als erwartet: Ihr SHA-256 ist {}, nicht {}. Nichts wurde hinzugefügt. Sie noch einmal herunterladen; wenn das nicht hilft, beim Herausgeber nachfragen.</translation>
    </message>
    <message>
        <location filename="../gui/model_check.py"/>
        <source>{} is no archive that holds {}. Nothing was added.</source>
        <translation>{} ist kein Archiv, in dem {} liegt. Nichts wurde hinzugefügt.</translation>
    </message>
    <message>
        <location filename="../gui/model_fetching.py"/>
        <source>The download was cancelled; nothing of it is left.</source>
        <translation>Das Herunterladen wurde abgebrochen; nichts davon bleibt.</translation>
    </message>
    <message>
        <location filename="../gui/model_fetching.py"/>
        <source>{} is being downloaded …</source>
        <translation>{} wird heruntergeladen …</translation>
    </message>
    <message>
        <location filename="../gui/model_fetching.py"/>
        <source>{}: {} MB</source>
        <translation>{}: {} MB</translation>
    </message>
    <message>
        <location filename="../gui/model_fetching.py"/>
        <source>{}: {} of {} MB</source>
        <translation>{}: {} von {} MB</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Add…</source>
        <translation>&amp;Hinzufügen…</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Diagnose…</source>
        <translation>&amp;Diagnose…</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Folder of wheels</source>
        <translation>Ordner mit &amp;Wheels</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Interpreter</source>
        <translation>&amp;Interpreter</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Remove</source>
        <translation>&amp;Entfernen</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>&amp;Set up</source>
        <translation>Ei&amp;nrichten</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>A Python that has aerialseg&apos;s packages, used as it is. Example: /opt/aerialseg/bin/python</source>
        <translation>Ein Python mit den Paketen von aerialseg, das benutzt wird, wie es ist. Beispiel: /opt/aerialseg/bin/python</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Add models</source>
        <translation>Modelle hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Added &amp;models</source>
        <translation>Hinzugefügte &amp;Modelle</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Adds TensorFlow and Keras, to train models of your own</source>
        <translation>Fügt TensorFlow und Keras hinzu, um eigene Modelle zu trainieren</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Describe the installation: what to send along with a question</source>
        <translation>Die Installation beschreiben: was einer Frage beiliegen sollte</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Diagnosis</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>End the set-up; nothing of it stays</source>
        <translation>Die Einrichtung beenden; von ihr bleibt nichts</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_header.py"/>
        <location filename="../processing/base.py"/>
        <source>Environment</source>
        <translation>Umgebung</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../processing/setupenvironment.py"/>
        <source>Folder of wheels</source>
        <translation>Ordner mit Wheels</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Install &amp;training too (3 GB)</source>
        <translation>Auch &amp;Training einrichten (3 GB)</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Install from this folder, without a network. Example: /media/usb/wheels</source>
        <translation>Aus diesem Ordner installieren, ohne Netzwerk. Beispiel: /media/usb/wheels</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Interpreter and packages</source>
        <translation>Interpreter und Pakete</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Make the Python environment in which models run (0.9 GB); QGIS itself gets nothing</source>
        <translation>Die Python-Umgebung anlegen, in der Modelle laufen (0,9 GB); QGIS selbst erhält nichts</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Model files (.onnx) that are offered beside the shipped ones</source>
        <translation>Modelldateien (.onnx), die neben den mitgelieferten angeboten werden</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_setup.py"/>
        <source>Progress of the set-up</source>
        <translation>Fortschritt der Einrichtung</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Python interpreter</source>
        <translation>Python-Interpreter</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Re&amp;pair</source>
        <translation>Re&amp;parieren</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Ready for {} ({}, in {}).</source>
        <translation>Bereit für {} ({}, in {}).</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Ready for {}: {} ({}).</source>
        <translation>Bereit für {}: {} ({}).</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Take the selected models out of the list; their files stay, copies that were made of them go</source>
        <translation>Die gewählten Modelle aus der Liste nehmen; ihre Dateien bleiben, davon gemachte Kopien gehen</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_setup.py"/>
        <source>The environment is being set up; that takes some minutes.</source>
        <translation>Die Umgebung wird eingerichtet; das dauert einige Minuten.</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Try a model file, and offer it in the dialogs if it works</source>
        <translation>Eine Modelldatei ausprobieren und, wenn sie läuft, in den Dialogen anbieten</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>aerialseg: diagnosis</source>
        <translation>aerialseg: Diagnose</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>aerialseg: looking at the environment</source>
        <translation>aerialseg: Umgebung wird untersucht</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>aerialseg: setting up the environment</source>
        <translation>aerialseg: Umgebung wird eingerichtet</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>empty: the environment above</source>
        <translation>leer: die Umgebung oben</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>empty: the package index</source>
        <translation>leer: der Paketindex</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>segmenting</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>segmenting and training</source>
        <translation>Segmentierung und Training</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../gui/wdg_outputs.py"/>
        <source> m</source>
        <translation> m</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>, {} not sure</source>
        <translation>, {} unsicher</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>1  Points</source>
        <translation>1  Punkte</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>2  What is there?</source>
        <translation>2  Was ist dort?</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>3  Hectares</source>
        <translation>3  Hektar</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>A point has no label. Label it, or leave it out as if it were chance which one it is.</source>
        <translation>Ein Punkt ist nicht beschriftet. Ihn beschriften, oder weglassen, als wäre es Zufall, welcher es ist.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../processing/base.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording/words.py"/>
        <source>Areas</source>
        <translation>Flächen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>At random from everything</source>
        <translation>Zufällig aus allem</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>By class of the map: </source>
        <translation>Nach Klasse der Karte: </translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Draw a sample</source>
        <translation>Stichprobe ziehen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Drawn</source>
        <translation>Gezogen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Estimate areas</source>
        <translation>Flächen schätzen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../wording/words.py"/>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>In squares of</source>
        <translation>In Quadraten von</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Label the points</source>
        <translation>Punkte beschriften</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Leave out the point without a label</source>
        <translation>Den Punkt ohne Beschriftung weglassen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Leave out the {} points without a label</source>
        <translation>Die {} Punkte ohne Beschriftung weglassen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Map of classes</source>
        <translation>Karte der Klassen</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>No point has a label yet. Label the points first.</source>
        <translation>Noch kein Punkt ist beschriftet. Beschriften Sie zuerst die Punkte.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Number of points</source>
        <translation>Anzahl der Punkte</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>On a grid</source>
        <translation>In einem Raster</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../processing/samplepoints.py"/>
        <source>Points to label</source>
        <translation>Punkte zum Beschriften</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Points together</source>
        <translation>Punkte beieinander</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Points with a label</source>
        <translation>Beschriftete Punkte</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Some in each class</source>
        <translation>Einige in jeder Klasse</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Some near each other</source>
        <translation>Einige nahe beieinander</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>The report in {} cannot be read: {}.</source>
        <translation>Der Bericht in {} kann nicht gelesen werden: {}.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>as many as needed</source>
        <translation>so viele wie nötig</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>labelled</source>
        <translation>beschriftet</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>to label</source>
        <translation>zu beschriften</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>unsure</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../gui/page_improve.py"/>
        <location filename="../processing/estimateareas.py"/>
        <source>{} has edits that are not saved. Save them first.</source>
        <translation>{} hat Änderungen, die nicht gespeichert sind. Speichern Sie sie zuerst.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <location filename="../sampling/sample.py"/>
        <source>{} is being edited. Save or discard its edits first.</source>
        <translation>{} wird gerade bearbeitet. Speichern oder verwerfen Sie zuerst die Änderungen.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>{} of {} labelled</source>
        <translation>{} von {} beschriftet</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>{} points are drawn. They, and what you say of them, are kept in {}.</source>
        <translation>{} Punkte sind gezogen. Sie und was Sie dazu angeben liegen in {}.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>{} points have no label. Label them, or leave them out as if it were chance which ones they are.</source>
        <translation>{} Punkte haben keine Beschriftung. Beschriften Sie sie, oder lassen Sie sie weg, als wäre es Zufall, welche es sind.</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>“As many as needed” are those that tell the overall accuracy with a standard error of {} %.</source>
        <translation>„So viele wie nötig“ sind so viele, dass die Gesamtgenauigkeit einen Standardfehler von {} % hat.</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>1. Squares to look at</source>
        <translation>1. Quadrate zum Ansehen</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>2. Correct them</source>
        <translation>2. Korrigieren</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>3. Retrain</source>
        <translation>3. Nachtrainieren</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>Improve</source>
        <translation>Verbessern</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>Or draw classes of your own</source>
        <translation>Oder eigene Klassen zeichnen</translation>
    </message>
    <message>
        <location filename="../gui/page_improve.py"/>
        <source>The image is not in the project.</source>
        <translation>Das Bild ist nicht im Projekt.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Cancelled. Nothing was kept.</source>
        <translation>Abgebrochen. Nichts wurde behalten.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Choose a band for everything that the model wants, or for nothing.</source>
        <translation>Wählen Sie für alles, was das Modell verlangt, einen Kanal, oder für nichts.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Done. The layers are in the project.</source>
        <translation>Fertig. Die Layer sind im Projekt.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>It failed; see the reason above.</source>
        <translation>Fehlgeschlagen; der Grund steht oben.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Starting …</source>
        <translation>Wird gestartet …</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>Stopping …</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>The command is in the clipboard.</source>
        <translation>Der Befehl ist in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>The file of {} is no longer there. Repair its data source.</source>
        <translation>Die Datei von {} ist nicht mehr da. Reparieren Sie die Datenquelle.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>The project has no raster layer. Open a file with the button at the top right.</source>
        <translation>Das Projekt hat keinen Rasterlayer. Öffnen Sie eine Datei mit der Schaltfläche oben rechts.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>What will happen is shown as soon as the environment is set up.</source>
        <translation>Was geschehen wird, ist zu sehen, sobald die Umgebung eingerichtet ist.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>{} cannot be read. Repair its data source.</source>
        <translation>{} kann nicht gelesen werden. Reparieren Sie die Datenquelle.</translation>
    </message>
    <message>
        <location filename="../gui/page_map.py"/>
        <source>{} is the image itself. Save to another file.</source>
        <translation>{} ist das Bild selbst. Speichern Sie in eine andere Datei.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>As a layer</source>
        <translation>Als Layer</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>CSV…</source>
        <translation>CSV …</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Choose on the page Map what was chosen for this run.</source>
        <translation>Auf der Seite „Karte“ wählen, was für diesen Lauf gewählt war.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Compare with</source>
        <translation>Vergleichen mit</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Conventional colours</source>
        <translation>Übliche Farben</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Done on</source>
        <translation>Lauf vom</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Nothing yet: run a model on the page Map.</source>
        <translation>Noch nichts: Starten Sie ein Modell auf der Seite „Karte“.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Put the table into the clipboard, for a spreadsheet.</source>
        <translation>Die Tabelle in die Zwischenablage legen, für eine Tabellenkalkulation.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Put the table into the project.</source>
        <translation>Die Tabelle ins Projekt laden.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Restore these settings</source>
        <translation>Diese Einstellungen wiederherstellen</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <location filename="../wording/words.py"/>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Save the table</source>
        <translation>Tabelle speichern</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Save the table as a file.</source>
        <translation>Die Tabelle als Datei speichern.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Show layers</source>
        <translation>Layer zeigen</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Tables (*.csv)</source>
        <translation>Tabellen (*.csv)</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>The layers are no longer in the project.</source>
        <translation>Die Layer sind nicht mehr im Projekt.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <location filename="../gui/wdg_hectares.py"/>
        <source>The table is in the clipboard.</source>
        <translation>Die Tabelle ist in der Zwischenablage.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>The table is in the project.</source>
        <translation>Die Tabelle ist im Projekt.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>The table is in {}.</source>
        <translation>Die Tabelle ist in {}.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Water blue, vegetation green. The numbers of the classes stay as they are.</source>
        <translation>Wasser blau, Vegetation grün. Die Nummern der Klassen bleiben, wie sie sind.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>Zoom to what was found, and tick it in the layer tree instead of other runs.</source>
        <translation>Auf das Gefundene zoomen und es im Layerbaum ankreuzen, statt anderer Läufe.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>balanced</source>
        <translation>ausgewogen</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>best</source>
        <translation>beste Qualität</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>fast</source>
        <translation>schnell</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>no other run</source>
        <translation>kein anderer Lauf</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <location filename="../processing/trainmodel.py"/>
        <location filename="../training_layer.py"/>
        <source>{} cannot be written: {}. Choose another folder.</source>
        <translation>{} kann nicht geschrieben werden: {}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>{} – areas</source>
        <translation>{} – Flächen</translation>
    </message>
    <message>
        <location filename="../gui/page_result.py"/>
        <source>{}: what was found</source>
        <translation>{}: was gefunden wurde</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>How long it takes depends on the server; the rest is said when the run begins.</source>
        <translation>Wie lange es dauert, hängt vom Server ab; alles Weitere steht fest, wenn der Lauf beginnt.</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>It is read from its server first, into a temporary file: {} × {} px, {} megapixels.</source>
        <translation>Es wird zuerst vom Server in eine temporäre Datei gelesen: {} × {} px, {} Megapixel.</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>The plan was cancelled.</source>
        <translation>Die Planung wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>aerialseg: plan</source>
        <translation>aerialseg: Planung</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>{} would be {} megapixels. Choose a smaller part, such as what the map shows.</source>
        <translation>{} wären {} Megapixel. Wählen Sie einen kleineren Teil, etwa den Kartenausschnitt.</translation>
    </message>
    <message>
        <location filename="../gui/planner.py"/>
        <source>{}: has no file of its own</source>
        <translation>{}: hat keine eigene Datei</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>Click on the map to see what the model finds there.</source>
        <translation>Klicken Sie auf die Karte, um zu sehen, was das Modell dort findet.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>Looking …</source>
        <translation>Es wird nachgesehen …</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>Reading {} …</source>
        <translation>{} wird gelesen …</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>That is beside {}. Click on the image.</source>
        <translation>Das liegt neben {}. Klicken Sie auf das Bild.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <location filename="../gui/wdg_part.py"/>
        <source>The map shows nothing of {}. Zoom to the layer.</source>
        <translation>Die Karte zeigt nichts von {}. Zoomen Sie auf den Layer.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>There is no model. Add the file of one with the button on the right.</source>
        <translation>Es gibt kein Modell. Fügen Sie mit der Schaltfläche rechts die Datei eines Modells hinzu.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>This is what the model finds here.</source>
        <translation>Das findet das Modell hier.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>aerialseg: preview</source>
        <translation>aerialseg: Vorschau</translation>
    </message>
    <message>
        <location filename="../gui/request.py"/>
        <source>Save the polygons of {} as {} first.</source>
        <translation>Speichern Sie die Polygone von {} zuerst als {}.</translation>
    </message>
    <message>
        <location filename="../gui/request.py"/>
        <source>{} has no file of its own: save it as {} first.</source>
        <translation>{} hat keine eigene Datei: Speichern Sie den Layer zuerst als {}.</translation>
    </message>
    <message>
        <location filename="../gui/runs.py"/>
        <source>Made of {} by aerialseg {} with the model {} on {}.</source>
        <translation>Aus {} von aerialseg {} mit dem Modell {} am {} gemacht.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_area_chart.py"/>
        <source>Area of each class</source>
        <translation>Fläche jeder Klasse</translation>
    </message>
    <message>
        <location filename="../gui/wdg_area_chart.py"/>
        <location filename="../results.py"/>
        <source>Nothing but no data.</source>
        <translation>Es gibt hier nichts als NoData.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_area_chart.py"/>
        <source>{} % sure</source>
        <translation>{} % sicher</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Images (*.tif *.tiff *.vrt *.jp2 *.jpg *.png);;All files (*)</source>
        <translation>Bilder (*.tif *.tiff *.vrt *.jp2 *.jpg *.png);;Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Keep this layer</source>
        <translation>Diesen Layer behalten</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Keep this layer, whichever one is active</source>
        <translation>Diesen Layer behalten, gleich welcher aktiv ist</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Layer</source>
        <translation>Layer</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Open a file</source>
        <translation>Datei öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Open an image</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>Open the file of an image</source>
        <translation>Die Datei eines Bildes öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <location filename="../processing/segmentraster.py"/>
        <source>Raster layer</source>
        <translation>Rasterlayer</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>What is known of the model</source>
        <translation>Was über das Modell bekannt ist</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>ready, but for training</source>
        <translation>bereit, nur nicht zum Trainieren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>ready, for training too</source>
        <translation>bereit, auch zum Trainieren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_header.py"/>
        <source>the interpreter that you chose</source>
        <translation>der gewählte Interpreter</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>All classes</source>
        <translation>Alle Klassen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Area on the ground. The map alone has the area in brackets.</source>
        <translation>Fläche am Boden. In Klammern die Fläche allein nach der Karte.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <location filename="../processing/estimateareas.py"/>
        <source>Areas with confidence intervals</source>
        <translation>Flächen mit Vertrauensbereichen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Open report</source>
        <translation>Bericht öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Producer’s
accuracy</source>
        <translation>Produzenten-
genauigkeit</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Save as CSV</source>
        <translation>Als CSV speichern</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Save as CSV…</source>
        <translation>Als CSV speichern …</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Saved as {}.</source>
        <translation>Gespeichert als {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Share of what is so that the map calls so.</source>
        <translation>Anteil dessen, was so ist, das in der Karte so heißt.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>Share of what the map calls so that is so.</source>
        <translation>Anteil dessen, was in der Karte so heißt, das so ist.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>The report is in {}.</source>
        <translation>Der Bericht liegt in {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>User’s
accuracy</source>
        <translation>Nutzer-
genauigkeit</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>{} cannot be written: {}.</source>
        <translation>{} kann nicht geschrieben werden: {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>{} of the area have the right class in the map, with 95 % confidence.</source>
        <translation>{} der Fläche haben in der Karte die richtige Klasse, bei 95 % Vertrauen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_hectares.py"/>
        <source>{} ± 95 %</source>
        <translation>{} ± 95 %</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>All points have a label.</source>
        <translation>Alle Punkte sind beschriftet.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Next without label (Space)</source>
        <translation>Nächster ohne Beschriftung (Leertaste)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Next →</source>
        <translation>Weiter →</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>No label (Delete)</source>
        <translation>Keine (Entf)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Not sure (U)</source>
        <translation>Unsicher (U)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Point {} of {}: what is in the yellow square?</source>
        <translation>Punkt {} von {}: Was ist im gelben Quadrat?</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Point {} of {}: {}, said {} on {}.</source>
        <translation>Punkt {} von {}: {}, angegeben von {} am {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Stop labelling (Esc)</source>
        <translation>Beschriften beenden (Esc)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>Surroundings of the point</source>
        <translation>Umgebung des Punktes</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>The point cannot be shown in the coordinate system of the map.</source>
        <translation>Der Punkt kann im Koordinatensystem der Karte nicht gezeigt werden.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_labelling.py"/>
        <source>← Previous</source>
        <translation>← Zurück</translation>
    </message>
    <message>
        <location filename="../gui/wdg_legend.py"/>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Classes: {}</source>
        <translation>Klassen: {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_legend.py"/>
        <source>and {} more</source>
        <translation>und {} weitere</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Add a model file…</source>
        <translation>Modelldatei hinzufügen…</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Add the file of a model, or see all models</source>
        <translation>Die Datei eines Modells hinzufügen, oder alle Modelle ansehen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>All models…</source>
        <translation>Alle Modelle…</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Band that shows {}</source>
        <translation>Kanal, der {} zeigt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>No-data value</source>
        <translation>NoData-Wert</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>The no-data value {} is no number. Give one such as 0, or leave it empty.</source>
        <translation>Der NoData-Wert {} ist keine Zahl. Geben Sie eine wie 0 an, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>What all bands hold where the image shows nothing, such as 0 in a black collar and 255 in a white one (--nodata); empty for what the layer itself says.</source>
        <translation>Was alle Kanäle dort enthalten, wo das Bild nichts zeigt, etwa 0 in einem schwarzen Rand und 255 in einem weißen (--nodata); leer für das, was der Layer selbst sagt.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>as the layer says</source>
        <translation>wie der Layer sagt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>automatic</source>
        <translation>automatisch</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>1 class</source>
        <translation>1 Klasse</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>Mean over the classes of how much that which the model finds overlaps with that which people have drawn: 1 is perfect. New places are harder than those that it was trained on.</source>
        <translation>Mittel über die Klassen, wie sehr sich deckt, was das Modell findet und was Menschen gezeichnet haben: 1 ist vollkommen. Neue Orte sind schwerer als die, mit denen es trainiert wurde.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>Score</source>
        <translation>Bewertung</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>Share of the pixels that the model had not learnt from and named as people did.</source>
        <translation>Anteil der Pixel, aus denen das Modell nicht gelernt hat und die es wie die Menschen benennt.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>Trained on</source>
        <translation>Trainiert mit</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>mIoU {}</source>
        <translation>mIoU {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>mIoU {} {}</source>
        <translation>mIoU {} {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on a held-out strip of the image</source>
        <translation>auf einem zurückgehaltenen Streifen des Bildes</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on held-out images</source>
        <translation>auf zurückgehaltenen Bildern</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on held-out images of the same places</source>
        <translation>auf zurückgehaltenen Bildern derselben Orte</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on held-out parts of the same places</source>
        <translation>auf zurückgehaltenen Teilen derselben Orte</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on patches held out at random, which flatters</source>
        <translation>auf zufällig zurückgehaltenen Kacheln, was schmeichelt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on squares to check with ({})</source>
        <translation>auf Kontrollquadraten ({})</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>on {}</source>
        <translation>auf {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} classes</source>
        <translation>{} Klassen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} m per pixel</source>
        <translation>{} m je Pixel</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} of the pixels right {}</source>
        <translation>{} der Pixel richtig {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} of the pixels were right.</source>
        <translation>{} der Pixel waren richtig.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} right</source>
        <translation>{} richtig</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model_facts.py"/>
        <source>{} to {} m per pixel</source>
        <translation>{} bis {} m je Pixel</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source> m²</source>
        <translation> m²</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>A raster that says for each pixel how unlike the model&apos;s training images it is, in percent: up to 100 like them. Only with models that tell what their training images look like.</source>
        <translation>Ein Raster, das für jedes Pixel sagt, wie wenig es den Trainingsbildern des Modells gleicht, in Prozent: bis 100 gleicht es ihnen. Nur mit Modellen, die angeben, wie ihre Trainingsbilder aussehen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>A second raster that says for each pixel how sure the model was, 0 to 100 %.</source>
        <translation>Ein zweites Raster, das für jedes Pixel sagt, wie sicher das Modell war, von 0 bis 100 %.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>As classified</source>
        <translation>Wie klassifiziert</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Buildings – right angles</source>
        <translation>Gebäude – rechte Winkel</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Choose a file</source>
        <translation>Datei wählen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Choose a folder for {} as well.</source>
        <translation>Wählen Sie für {} auch einen Ordner.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording/words.py"/>
        <source>Class polygons</source>
        <translation>Klassenpolygone</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <source>Classes to make polygons of</source>
        <translation>Klassen, die Polygone werden</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Classes with right angles</source>
        <translation>Klassen mit rechten Winkeln</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Clear the field</source>
        <translation>Feld leeren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Empty: temporary layers, which QGIS forgets when it is closed.</source>
        <translation>Leer: temporäre Layer, die QGIS beim Beenden verwirft.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>File of the class raster</source>
        <translation>Datei des Klassenrasters</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>GeoTIFF (*.tif *.tiff)</source>
        <translation>GeoTIFF (*.tif *.tiff)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>How much the steps of the pixels are straightened; there are no gaps and no overlaps.</source>
        <translation>Wie stark die Treppenstufen der Pixel begradigt werden; es entstehen weder Lücken noch Überlappungen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <source>How often the corners of the edges are cut; neighbours keep their shared edge. 0: not at all. Example: 2</source>
        <translation>Wie oft die Ecken der Kanten abgeschnitten werden; Nachbarn behalten ihre gemeinsame Kante. 0: gar nicht. Beispiel: 2</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>How sure the model is</source>
        <translation>Wie sicher das Modell ist</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Map – small areas merged, edges smoothed</source>
        <translation>Karte – kleine Flächen vereint, Kanten geglättet</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>No file can have the name {}. Choose another one.</source>
        <translation>Keine Datei kann {} heißen. Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Of the others no polygons are made; those of these are the same either way.</source>
        <translation>Aus den anderen werden keine Polygone; die aus diesen bleiben dieselben.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Own numbers</source>
        <translation>Eigene Zahlen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Right angles</source>
        <translation>Rechte Winkel</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Right angles: {}</source>
        <translation>Rechte Winkel: {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Save the class raster as</source>
        <translation>Klassenraster speichern als</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Saved beside the image.</source>
        <translation>Gespeichert wird neben dem Bild.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Shape of the polygons</source>
        <translation>Form der Polygone</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Smaller regions are given to the neighbour with which they share the longest edge.</source>
        <translation>Kleinere Flächen gehen an den Nachbarn, mit dem sie die längste Kante teilen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Smallest polygon</source>
        <translation>Kleinstes Polygon</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Smooth edges</source>
        <translation>Kanten glätten</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Straighten edges by</source>
        <translation>Kanten begradigen um</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Temporary layers, which QGIS forgets when it is closed.</source>
        <translation>Temporäre Layer, die QGIS beim Schließen vergisst.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>The folder {} cannot be written to. Choose another one.</source>
        <translation>In den Ordner {} kann nicht geschrieben werden. Wählen Sie einen anderen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>The folder {} is not there. Choose another one to save to.</source>
        <translation>Den Ordner {} gibt es nicht. Wählen Sie einen anderen zum Speichern.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Their outlines get right angles where there is room for them.</source>
        <translation>Ihre Umrisse bekommen rechte Winkel, wo Platz dafür ist.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Tick a class to make polygons of, or untick “Class polygons”.</source>
        <translation>Eine Klasse für Polygone ankreuzen, oder „Klassenpolygone“ abwählen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>To be replaced: {}.</source>
        <translation>Ersetzt wird: {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>What else is made is saved beside it.</source>
        <translation>Was sonst noch entsteht, wird daneben gespeichert.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Where the ground is unknown</source>
        <translation>Wo das Gelände fremd ist</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>[temporary layers]</source>
        <translation>[temporäre Layer]</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>any size</source>
        <translation>jede Größe</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../training_data.py"/>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>not at all</source>
        <translation>gar nicht</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>{} is no name of a GeoTIFF. Choose one that ends in .tif.</source>
        <translation>{} ist kein Name eines GeoTIFF. Wählen Sie einen, der auf .tif endet.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>{} of {}</source>
        <translation>{} von {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>A rectangle that you draw</source>
        <translation>Ein Rechteck, das Sie zeichnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>All of the layer</source>
        <translation>Der ganze Layer</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Draw a rectangle: press “Draw on the map”, and pull it open on the map.</source>
        <translation>Zeichnen Sie ein Rechteck: Drücken Sie „Auf der Karte zeichnen“ und ziehen Sie es auf der Karte auf.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Draw on the map</source>
        <translation>Auf der Karte zeichnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Inside polygons</source>
        <translation>Innerhalb von Polygonen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Layer of polygons</source>
        <translation>Polygonlayer</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Only the selected ones ({})</source>
        <translation>Nur die gewählten ({})</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>Part of the layer</source>
        <translation>Teil des Layers</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>The project has no layer of polygons. Add one, or choose another part.</source>
        <translation>Das Projekt hat keinen Polygonlayer. Fügen Sie einen hinzu, oder wählen Sie einen anderen Teil.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>The rectangle is beside {}. Draw it on the image.</source>
        <translation>Das Rechteck liegt neben {}. Zeichnen Sie es auf das Bild.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_part.py"/>
        <source>What the map shows</source>
        <translation>Der Kartenausschnitt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Looking at the layer …</source>
        <translation>Der Layer wird untersucht …</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Choose a model first.</source>
        <translation>Wählen Sie zuerst ein Modell.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Delete the new model; the old one is as it was.</source>
        <translation>Das neue Modell löschen; das alte ist, wie es war.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Every square with its image, its labels, and what both models say</source>
        <translation>Jedes Quadrat mit Bild, Beschriftungen und dem, was beide Modelle sagen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Learns from the squares, and compares both models.</source>
        <translation>Lernt aus den Quadraten und vergleicht beide Modelle.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Make the map anew with the new model, which is in the list of models already.</source>
        <translation>Die Karte mit dem neuen Modell neu machen; es steht schon in der Liste der Modelle.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Makes the map of the image anew.</source>
        <translation>Macht die Karte des Bildes neu.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <location filename="../wording/words.py"/>
        <source>Minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>No square to check with is reviewed: nobody knows whether the new model is better.</source>
        <translation>Kein Kontrollquadrat ist geprüft: niemand weiß, ob das neue Modell besser ist.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Nothing to learn from yet: accept a square to train on.</source>
        <translation>Noch nichts zu lernen: Nehmen Sie ein Trainingsquadrat an.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Open a review first.</source>
        <translation>Öffnen Sie zuerst eine Prüfung.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/diagnose.py"/>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Retrain</source>
        <translation>Nachtrainieren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Retrain from {}</source>
        <translation>Nachtrainieren ab {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Reviewed squares: {} to train on, {} to check with.</source>
        <translation>Geprüfte Quadrate: {} zum Trainieren, {} zur Kontrolle.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Roll back</source>
        <translation>Zurück zum alten</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Rolled back: the old model is as it was.</source>
        <translation>Zurückgenommen: Das alte Modell ist, wie es war.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>Squares to check with</source>
        <translation>Kontrollquadrate</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>Squares trained on</source>
        <translation>Quadrate, auf denen trainiert wurde</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>The review was made with the model {}: what {} gets wrong may be elsewhere.</source>
        <translation>Die Prüfung wurde mit dem Modell {} gemacht: Was {} falsch macht, kann anderswo liegen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Those to check with tell whether the new model is better. Still open: {}.</source>
        <translation>Die Kontrollquadrate sagen, ob das neue Modell besser ist. Noch offen: {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>Use on this image</source>
        <translation>Auf dieses Bild anwenden</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>at most {} min</source>
        <translation>höchstens {} min</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{} (95 % interval {} to {})</source>
        <translation>{} (95-%-Intervall {} bis {})</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{} cannot be trained further: choose another model.</source>
        <translation>{} kann nicht weiter trainiert werden: Wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{} points right on the squares to check with</source>
        <translation>{} Prozentpunkte richtig auf den Kontrollquadraten</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>{} – what flipped</source>
        <translation>{} – was sich geändert hat</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{}: that may be chance. Review more squares.</source>
        <translation>{}: Das kann Zufall sein. Prüfen Sie mehr Quadrate.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{}: the new model is better here.</source>
        <translation>{}: Das neue Modell ist hier besser.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{}: the new model is worse here. Roll back.</source>
        <translation>{}: Das neue Modell ist hier schlechter. Gehen Sie zum alten zurück.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_retrain.py"/>
        <source>{}; one square tells nothing of others: review more of them.</source>
        <translation>{}; ein Quadrat sagt nichts über andere: Prüfen Sie mehr davon.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Choose an image, or open a review.</source>
        <translation>Wählen Sie ein Bild oder öffnen Sie eine Prüfung.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Choose squares of the map of this image that are worth looking at; a map is made if there is none.</source>
        <translation>Quadrate der Karte dieses Bildes wählen, die anzusehen sich lohnt; gibt es noch keine Karte, wird eine gemacht.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Chooses squares.</source>
        <translation>Wählt Quadrate.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Find squares…</source>
        <translation>Quadrate suchen…</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Makes the map first.</source>
        <translation>Macht zuerst die Karte.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>New review</source>
        <translation>Neue Prüfung</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Open a review</source>
        <translation>Eine Prüfung öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Open review…</source>
        <translation>Prüfung öffnen…</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Squares</source>
        <translation>Quadrate</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <source>Squares of {} that the model has most to learn from, to be corrected.</source>
        <translation>Quadrate von {}, aus denen das Modell am meisten lernen kann, zum Korrigieren.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_review.py"/>
        <location filename="../processing/segmentraster.py"/>
        <source>{} – classes</source>
        <translation>{} – Klassen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_setup.py"/>
        <source>Cancel set-up</source>
        <translation>Einrichtung abbrechen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_setup.py"/>
        <source>aerialseg computes in a Python of its own, outside of QGIS. Setting that up takes a few minutes and 0.9 GB of disk.</source>
        <translation>aerialseg rechnet in einem eigenen Python außerhalb von QGIS. Das Einrichten dauert ein paar Minuten und braucht 0,9 GB Platz.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_setup.py"/>
        <source>aerialseg: set up</source>
        <translation>aerialseg: Einrichtung</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Accept (A)</source>
        <translation>Annehmen (A)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>All in this square is right now: it counts. Goes to the next one.</source>
        <translation>Alles in diesem Quadrat stimmt jetzt: Es zählt. Weiter zum nächsten.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Brush (R)</source>
        <translation>Pinsel (R)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Choose a tool to correct with, or accept the square as it is.</source>
        <translation>Wählen Sie ein Werkzeug zum Korrigieren, oder nehmen Sie das Quadrat an, wie es ist.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Class to paint</source>
        <translation>Klasse zum Malen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Click corners of a polygon of the chosen class; the right button ends it</source>
        <translation>Ecken eines Polygons der gewählten Klasse anklicken; die rechte Taste beendet es</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Click on a polygon that is of the wrong class.</source>
        <translation>Klicken Sie auf ein Polygon der falschen Klasse.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Click on a polygon: it becomes the chosen class</source>
        <translation>Auf ein Polygon klicken: Es bekommt die gewählte Klasse</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Click the corners of a polygon; the right mouse button ends it, Escape forgets it.</source>
        <translation>Klicken Sie die Ecken eines Polygons an; die rechte Maustaste beendet es, Escape verwirft es.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Draw (D)</source>
        <translation>Zeichnen (D)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>It cannot be judged: nothing in it counts</source>
        <translation>Es lässt sich nicht beurteilen: Nichts darin zählt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Look at the next one that nobody has looked at</source>
        <translation>Das nächste ansehen, das noch niemand angesehen hat</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Look at the next square</source>
        <translation>Das nächste Quadrat ansehen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Look at the square before</source>
        <translation>Das vorige Quadrat ansehen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Next (N)</source>
        <translation>Weiter (N)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Next open (O)</source>
        <translation>Nächstes offenes (O)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Paint over what is wrong; its neighbours give way.</source>
        <translation>Übermalen Sie, was falsch ist; die Nachbarn weichen.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Paint the chosen class with the mouse; + and - change the width of the brush</source>
        <translation>Die gewählte Klasse mit der Maus malen; + und - ändern die Breite des Pinsels</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Pick (P)</source>
        <translation>Anklicken (P)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Previous (B)</source>
        <translation>Zurück (B)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Show the square on the map again</source>
        <translation>Das Quadrat wieder auf der Karte zeigen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Skip (S)</source>
        <translation>Auslassen (S)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Square {}, {}: {}</source>
        <translation>Quadrat {}, {}: {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>There are no squares in this review.</source>
        <translation>In dieser Prüfung sind keine Quadrate.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Undo (U)</source>
        <translation>Rückgängig (U)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Undo the last correction of this square</source>
        <translation>Die letzte Korrektur dieses Quadrats rückgängig machen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>Zoom (Z)</source>
        <translation>Zoomen (Z)</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>open</source>
        <translation>offen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>reviewed</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>skipped</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <location filename="../review/layers.py"/>
        <source>to check with</source>
        <translation>zur Kontrolle</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <location filename="../review/layers.py"/>
        <source>to train on</source>
        <translation>zum Trainieren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>{} of {} looked at</source>
        <translation>{} von {} angesehen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training.py"/>
        <source>At most {} left.</source>
        <translation>Noch höchstens {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training.py"/>
        <source>Loss and score while the model learns</source>
        <translation>Verlust und Bewertung, während das Modell lernt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training.py"/>
        <source>loss {}</source>
        <translation>Verlust {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training.py"/>
        <source>score (mIoU) {}, best {}</source>
        <translation>Bewertung (mIoU) {}, beste {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>Draw some {} polygons of each class, in several places. Still few: {}.</source>
        <translation>Zeichnen Sie etwa {} Polygone jeder Klasse, an mehreren Stellen. Noch wenige: {}.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>For classes of your own: draw polygons of each class on the image, and train a model on them.</source>
        <translation>Für eigene Klassen: Zeichnen Sie Polygone jeder Klasse auf das Bild und trainieren Sie ein Modell damit.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>Name two classes at least, separated by commas.</source>
        <translation>Nennen Sie mindestens zwei Klassen, durch Kommas getrennt.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>Names of the classes, separated by commas</source>
        <translation>Namen der Klassen, durch Kommas getrennt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>New training layer</source>
        <translation>Neuer Trainingslayer</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>New training layer…</source>
        <translation>Neuer Trainingslayer…</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>Open “Train model” with the image and the polygons</source>
        <translation>„Modell trainieren“ mit dem Bild und den Polygonen öffnen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>The polygons cannot be saved. See the messages of QGIS.</source>
        <translation>Die Polygone lassen sich nicht speichern. Näheres sagen die Meldungen von QGIS.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>There are {} polygons of each class and more: train.</source>
        <translation>Von jeder Klasse gibt es {} Polygone und mehr: trainieren Sie.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <source>Train…</source>
        <translation>Trainieren…</translation>
    </message>
    <message>
        <location filename="../gui/windows.py"/>
        <source>The segmentation continues. Its layers come into the project when it is done.</source>
        <translation>Die Segmentierung läuft weiter. Ihre Layer kommen ins Projekt, wenn sie fertig ist.</translation>
    </message>
    <message>
        <location filename="../gui/windows.py"/>
        <source>{} could not be segmented: {}</source>
        <translation>{} konnte nicht segmentiert werden: {}</translation>
    </message>
    <message>
        <location filename="../gui/windows.py"/>
        <source>{} has been segmented.</source>
        <translation>{} wurde segmentiert.</translation>
    </message>
    <message>
        <location filename="../i18n.py"/>
        <source>en</source>
        <translation>de</translation>
    </message>
    <message>
        <location filename="../model_list.py"/>
        <source>A temporary model goes when QGIS is closed: it is not put into the list.</source>
        <translation>Ein temporäres Modell verschwindet, wenn QGIS beendet wird: Es kommt nicht in die Liste.</translation>
    </message>
    <message>
        <location filename="../plugin_main.py"/>
        <source>Find buildings, roads, vegetation and water in a raster layer</source>
        <translation>Gebäude, Straßen, Vegetation und Wasser in einem Rasterlayer finden</translation>
    </message>
    <message>
        <location filename="../plugin_main.py"/>
        <source>Segment raster layer…</source>
        <translation>Rasterlayer segmentieren…</translation>
    </message>
    <message>
        <location filename="../plugin_main.py"/>
        <source>Segment with aerialseg…</source>
        <translation>Mit aerialseg segmentieren…</translation>
    </message>
    <message>
        <location filename="../plugin_main.py"/>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <location filename="../plugin_main.py"/>
        <source>Your first map…</source>
        <translation>Ihre erste Karte…</translation>
    </message>
    <message>
        <location filename="../previewer.py"/>
        <source>The preview&apos;s worker has ended. Click again; if it ends again, run Diagnose.</source>
        <translation>Der Prozess der Vorschau ist beendet. Klicken Sie noch einmal; endet er wieder, starten Sie die Diagnose.</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>A page for people and a JSON file for programs are written into it. Example: /data/audit</source>
        <translation>Eine Seite für Menschen und eine JSON-Datei für Programme werden hineingeschrieben. Beispiel: /data/audit</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>Audit of the training data</source>
        <translation>Prüfung der Trainingsdaten</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>Audit training data</source>
        <translation>Trainingsdaten prüfen</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>Findings because of which data cannot be used</source>
        <translation>Befunde, wegen derer Daten nicht benutzt werden können</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>Findings that are worth a correction</source>
        <translation>Befunde, die eine Korrektur lohnen</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <location filename="../processing/estimateareas.py"/>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Folder for the report</source>
        <translation>Ordner für den Bericht</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>Looks at labelled images before anything is trained on them: files that do not fit, colours that are no class, rare classes, duplicates, and images that show the same ground and must stay together in a split. Writes a report page, which opens in the Results Viewer, and says in the log what it found.</source>
        <translation>Prüft annotierte Bilder, bevor etwas auf ihnen trainiert wird: unpassende Dateien, Farben, die keine Klasse sind, seltene Klassen, Duplikate und Bilder, die denselben Boden zeigen und bei einer Aufteilung zusammenbleiben müssen. Schreibt eine Berichtsseite, die in der Ergebnisanzeige erscheint, und nennt die Befunde im Protokoll.</translation>
    </message>
    <message>
        <location filename="../processing/auditdata.py"/>
        <source>training,check,quality,duplicates,leakage,overlap,labels,masks,report</source>
        <translation>Training,Prüfung,Qualität,Duplikate,Überlappung,Annotationen,Masken,Bericht,audit,leakage</translation>
    </message>
    <message>
        <location filename="../processing/base.py"/>
        <source>Segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <location filename="../processing/base.py"/>
        <location filename="../wording/words.py"/>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentraster.py"/>
        <source>Area of each class, as JSON</source>
        <translation>Fläche jeder Klasse, als JSON</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/estimateareas.py"/>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <source>Class raster</source>
        <translation>Klassenraster</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>Class raster to polygons</source>
        <translation>Klassenraster in Polygone umwandeln</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Confidence raster</source>
        <translation>Konfidenzraster</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>GeoPackage with the class and the area of each polygon. Example: classes.gpkg</source>
        <translation>GeoPackage mit der Klasse und der Fläche jedes Polygons. Beispiel: classes.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>If given, every polygon tells the mean and the least confidence inside it. Example: confidence.tif</source>
        <translation>Ist es angegeben, nennt jedes Polygon die mittlere und die kleinste Konfidenz in seinem Inneren. Beispiel: confidence.tif</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>Names or numbers of the classes wanted; empty for all. Example: Building,Road</source>
        <translation>Namen oder Nummern der gewünschten Klassen; leer für alle. Beispiel: Building,Road</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>Number of polygons</source>
        <translation>Anzahl der Polygone</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>One band of whole numbers, each of them a class: what “Segment raster layer” writes, or a land cover map of another program. Example: classes.tif</source>
        <translation>Ein Kanal aus ganzen Zahlen, von denen jede eine Klasse ist: was „Rasterlayer segmentieren“ schreibt, oder eine Karte der Bodenbedeckung aus einem anderen Programm. Beispiel: klassen.tif</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>The number that is no class; none if all are, 0 too; empty for what the raster itself says. Example: 255</source>
        <translation>Die Zahl, die keine Klasse ist; none, wenn alle welche sind, auch 0; leer für das, was das Raster selbst sagt. Beispiel: 255</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>Turns a class raster into polygons without gaps and overlaps: neighbours share their edges exactly, also after small regions were merged and edges simplified.</source>
        <translation>Wandelt ein Klassenraster in Polygone ohne Lücken und Überlappungen um: Nachbarn teilen ihre Kanten exakt, auch nachdem kleine Flächen zusammengelegt und Kanten vereinfacht wurden.</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentraster.py"/>
        <source>Unit of the areas</source>
        <translation>Einheit der Flächen</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <source>polygonize,vectorize,land cover,geopackage,gap-free,coverage</source>
        <translation>vektorisieren,polygonisieren,Landbedeckung,GeoPackage,lückenlos,überlappungsfrei,polygonize,vectorize</translation>
    </message>
    <message>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentfolder.py"/>
        <source>{} – polygons</source>
        <translation>{} – Polygone</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>Describes versions, system, settings, environment, packages, engines and models: what to send along with a question. Passwords are left out, and the home folder is written as ~.</source>
        <translation>Beschreibt Versionen, System, Einstellungen, Umgebung, Pakete, Rechenkerne und Modelle: was einer Frage beiliegen sollte. Passwörter werden weggelassen, und der persönliche Ordner erscheint als ~.</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>Diagnose</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>Text file for the report; without one it is in the log only. Example: diagnosis.txt</source>
        <translation>Textdatei für den Bericht; ohne sie steht er nur im Protokoll. Beispiel: diagnosis.txt</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>Text files (*.txt)</source>
        <translation>Textdateien (*.txt)</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>Text of the report</source>
        <translation>Text des Berichts</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>The report cannot be written to {}: {}.</source>
        <translation>Der Bericht kann nicht nach {} geschrieben werden: {}.</translation>
    </message>
    <message>
        <location filename="../processing/diagnose.py"/>
        <source>report,problem,support,versions,environment,engines</source>
        <translation>Bericht,Problem,Fehler,Hilfe,Support,Versionen,Umgebung,Rechenkerne</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>A page for people and files for programs are written into it. Example: /data/areas</source>
        <translation>Eine Seite für Menschen und Dateien für Programme werden hineingeschrieben. Beispiel: /data/areas</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>Area of each class with its interval, as JSON</source>
        <translation>Fläche jeder Klasse mit ihrem Intervall, als JSON</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>As if it were chance which ones they are. Example: no</source>
        <translation>Als wäre es Zufall, welche das sind. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>Estimates from the labels of points that “Sample points” has drawn how many hectares of each class there are, and how right the map is, each with its 95 % confidence interval. The sum of the pixels of a class is not its area, as the map makes mistakes. The report page opens in the Results Viewer.</source>
        <translation>Schätzt aus den beschrifteten Punkten, die „Stichprobenpunkte ziehen“ gezogen hat, wie viele Hektar es von jeder Klasse gibt und wie richtig die Karte ist, jeweils mit dem 95-%-Vertrauensbereich. Die Summe der Pixel einer Klasse ist nicht ihre Fläche, denn die Karte macht Fehler. Die Berichtsseite öffnet sich in der Ergebnisanzeige.</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>If given, areas are estimated in each of these polygons as well. Example: districts.gpkg</source>
        <translation>Falls angegeben, werden die Flächen auch in jedem dieser Polygone geschätzt. Beispiel: bezirke.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>Labelled points</source>
        <translation>Beschriftete Punkte</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <location filename="../wording/words.py"/>
        <source>Labels</source>
        <translation>Beschriftungen</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>Labels of the points in another file, as the plugin AcATaMa saves them. Example: labels.gpkg</source>
        <translation>Beschriftungen der Punkte in einer anderen Datei, wie sie die Erweiterung AcATaMa speichert. Beispiel: labels.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <location filename="../wording/words.py"/>
        <source>Leave out points without a label</source>
        <translation>Punkte ohne Beschriftung weglassen</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>Share of the area that is right, 0 to 1</source>
        <translation>Anteil der richtigen Fläche, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>The map that the points were drawn from, or another one of the same ground. Example: classes.tif</source>
        <translation>Die Karte, aus der die Punkte gezogen wurden, oder eine andere desselben Gebiets. Beispiel: klassen.tif</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>What “Sample points” has written, with labels. Example: points.gpkg</source>
        <translation>Was „Stichprobenpunkte ziehen“ geschrieben hat, mit Beschriftungen. Beispiel: punkte.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <location filename="../wording/words.py"/>
        <source>Zones</source>
        <translation>Zonen</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>hectares,accuracy assessment,error matrix,olofsson,stehman,confidence interval,report</source>
        <translation>hektar,genauigkeit,fehlermatrix,olofsson,stehman,vertrauensbereich,konfidenzintervall,bericht</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>{} is no file that “Sample points” has written.</source>
        <translation>{} ist keine Datei, die „Stichprobenpunkte ziehen“ geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../processing/estimateareas.py"/>
        <source>{}: {} {}, 95 % interval {} to {}</source>
        <translation>{}: {} {}, 95-%-Vertrauensbereich {} bis {}</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>A page for people and a JSON file for programs are written into it. Example: /data/report</source>
        <translation>Eine Seite für Menschen und eine JSON-Datei für Programme werden hineingeschrieben. Beispiel: /data/report</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Evaluate model</source>
        <translation>Modell bewerten</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Evaluation of the model</source>
        <translation>Bewertung des Modells</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <source>Mean IoU {}, accuracy {}</source>
        <translation>Mittlere IoU {}, Genauigkeit {}</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Mean intersection over union, 0 to 1</source>
        <translation>Mittlere Intersection over Union, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Segments labelled images with a model and says how far the result agrees with the labels: intersection over union, accuracy, confusion matrix, and where it is wrong. Take images that the model has not learnt from. The report page opens in the Results Viewer.</source>
        <translation>Segmentiert annotierte Bilder mit einem Modell und sagt, wie weit das Ergebnis mit den Annotationen übereinstimmt: Intersection over Union, Genauigkeit, Konfusionsmatrix und wo es falsch liegt. Nehmen Sie Bilder, von denen das Modell nicht gelernt hat. Die Berichtsseite erscheint in der Ergebnisanzeige.</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>Share of the pixels that are right, 0 to 1</source>
        <translation>Anteil der richtigen Pixel, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/evaluatemodel.py"/>
        <source>accuracy,score,iou,confusion matrix,validation,test,quality,report</source>
        <translation>Genauigkeit,Güte,Konfusionsmatrix,Validierung,Test,Qualität,Bericht,accuracy,iou</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>All patches have this size, but for images that are smaller. Example: 512</source>
        <translation>Alle Kacheln sind so groß, außer bei kleineren Bildern. Beispiel: 512</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>Cuts images into georeferenced patches, with a mask of class colours for each, wherever training polygons lie. “Train model” reads the folder, and so do other programs. Training needs no such folder: it takes layers and polygons as they are.</source>
        <translation>Schneidet überall, wo Trainingspolygone liegen, Bilder in georeferenzierte Kacheln, jede mit einer Maske aus Klassenfarben. „Modell trainieren“ liest den Ordner, andere Programme auch. Das Training braucht keinen solchen Ordner: Es nimmt Layer und Polygone, wie sie sind.</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>Export training data</source>
        <translation>Trainingsdaten exportieren</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>Folder for the patches</source>
        <translation>Ordner für die Kacheln</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>How much neighbouring patches have in common. Example: 0.25 for a quarter</source>
        <translation>Wie viel benachbarte Kacheln gemeinsam haben. Beispiel: 0.25 für ein Viertel</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>Number of patches</source>
        <translation>Anzahl der Kacheln</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>Overlap (share of a patch)</source>
        <translation>Überlappung (Anteil einer Kachel)</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <location filename="../wording/words.py"/>
        <source>Side of a patch (px)</source>
        <translation>Seitenlänge einer Kachel (px)</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>images, masks and classes.json are written into it. Earlier patches in it are replaced, anything else never. Example: /data/patches</source>
        <translation>images, masks und classes.json werden hineingeschrieben. Frühere Kacheln darin werden ersetzt, anderes nie. Beispiel: /data/patches</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>training,patches,chips,tiles,images,masks,labels,deep learning,export</source>
        <translation>Training,Kacheln,Bilder,Masken,Annotationen,Export,Deep Learning,patches,chips,tiles</translation>
    </message>
    <message>
        <location filename="../processing/exporttrainingdata.py"/>
        <source>{} patches of {} images</source>
        <translation>{} Kacheln aus {} Bildern</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>A folder of images/ and masks/, or the path of a TOML file that pairs images with labels; it is used instead of the layers. Example: /data/dubai</source>
        <translation>Ein Ordner mit images/ und masks/ oder der Pfad einer TOML-Datei, die Bilder und Annotationen einander zuordnet; er wird statt der Layer benutzt. Beispiel: /data/dubai</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Checked areas</source>
        <translation>Geprüfte Gebiete</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Choose image layers and training polygons.</source>
        <translation>Wählen Sie Bildlayer und Trainingspolygone.</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Class field</source>
        <translation>Klassenfeld</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Image layers</source>
        <translation>Bildlayer</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Or a data set</source>
        <translation>Oder ein Datensatz</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Polygons outside of which nothing counts. Example: the map sheet that you have finished</source>
        <translation>Polygone, außerhalb derer nichts zählt. Beispiel: das Kartenblatt, das Sie fertig bearbeitet haben</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Polygons that say what is where; ten on one image are enough to begin. What no polygon covers counts as not labelled. If the layer is styled by categories, their names and colours become the classes. Example: fields, woods and roads that you have drawn</source>
        <translation>Polygone, die sagen, was wo ist; zehn auf einem Bild reichen für den Anfang. Was kein Polygon bedeckt, gilt als nicht annotiert. Ist der Layer nach Kategorien gestaltet, werden deren Namen und Farben zu den Klassen. Beispiel: Felder, Wälder und Straßen, die Sie gezeichnet haben</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>The field that names the class of each polygon; empty for the only one. Example: class</source>
        <translation>Das Feld, das die Klasse jedes Polygons nennt; leer für das einzige. Beispiel: class</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>The file of the layer {} has no coordinate system, although the layer has one. Write it into the file with “Assign projection”.</source>
        <translation>Die Datei des Layers {} hat kein Koordinatenbezugssystem, obwohl der Layer eines hat. Schreiben Sie es mit „Projektion zuweisen“ in die Datei.</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>The images that the polygons lie on. Example: two orthophotos</source>
        <translation>Die Bilder, auf denen die Polygone liegen. Beispiel: zwei Orthophotos</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>The layer {} cannot be read. Check its source.</source>
        <translation>Der Layer {} kann nicht gelesen werden. Prüfen Sie seine Quelle.</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>The layer {} has no coordinate system. Set it in the layer&apos;s properties, under Source.</source>
        <translation>Der Layer {} hat kein Koordinatenbezugssystem. Setzen Sie es in den Layereigenschaften unter „Quelle“.</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <location filename="../processing/trainmodel.py"/>
        <source>There is nothing to learn from. Choose image layers and training polygons, or a data set.</source>
        <translation>Es gibt nichts, woraus gelernt werden könnte. Wählen Sie Bildlayer und Trainingspolygone oder einen Datensatz.</translation>
    </message>
    <message>
        <location filename="../processing/labelled.py"/>
        <source>Training polygons</source>
        <translation>Trainingspolygone</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>A model that is not in the list; it is used instead. Example: /models/town.onnx</source>
        <translation>Ein Modell, das nicht in der Liste steht; es wird stattdessen benutzt. Beispiel: /models/town.onnx</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Engine</source>
        <translation>Rechenkern</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>For the buffers of the run, whatever the size of the raster. Example: 512</source>
        <translation>Für die Puffer des Laufs, wie groß das Raster auch ist. Beispiel: 512</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>How much the steps of the pixels are straightened. Neighbours keep their shared edge: there are no gaps and no overlaps. Example: 1</source>
        <translation>Wie stark die Treppenstufen der Pixel begradigt werden. Nachbarn behalten ihre gemeinsame Kante: Es entstehen weder Lücken noch Überlappungen. Beispiel: 1</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Memory (MiB)</source>
        <translation>Arbeitsspeicher (MiB)</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>Model file</source>
        <translation>Modelldatei</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>Names or ids of the classes whose outlines get right angles where there is room for them, as those of buildings; empty for none. Example: Building</source>
        <translation>Namen oder Nummern der Klassen, deren Umrisse rechte Winkel bekommen, wo Platz dafür ist, wie bei Gebäuden; leer für keine. Beispiel: Building</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>Names or numbers of the classes that are wanted as polygons; empty for all. Example: Building,Road</source>
        <translation>Namen oder Nummern der Klassen, die als Polygone gewünscht sind; leer für alle. Beispiel: Building,Road</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Range of values</source>
        <translation>Wertebereich</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Resolution to read at</source>
        <translation>Bodenauflösung beim Lesen</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording/words.py"/>
        <source>Resolution to write</source>
        <translation>Bodenauflösung beim Schreiben</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Simplify edges by (m)</source>
        <translation>Kanten vereinfachen um (m)</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>Smaller regions are given to the neighbour with which they share the longest edge. Example: 20 removes what is smaller than a parking space.</source>
        <translation>Kleinere Flächen gehen an den Nachbarn, mit dem sie die längste Kante teilen. Beispiel: 20 entfernt alles, was kleiner als ein Stellplatz ist.</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Smallest polygon (m²)</source>
        <translation>Kleinstes Polygon (m²)</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>There is no model {}. Choose another one, or add its file in Settings ▸ Options ▸ aerialseg.</source>
        <translation>Es gibt kein Modell {}. Wählen Sie ein anderes, oder fügen Sie seine Datei unter Einstellungen ▸ Optionen ▸ aerialseg hinzu.</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>There is no {} in the list. Known are: {}.</source>
        <translation>{} steht nicht in der Liste. Bekannt sind: {}.</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>Values that become black and white, for images that are not 8-bit. auto: from the image, or from a sample of all images of a folder. per-raster: from each image of a folder by itself. Example: 0,3000</source>
        <translation>Werte, die schwarz und weiß werden, für Bilder, die nicht 8 Bit haben. auto: aus dem Bild, oder aus einer Stichprobe aller Bilder eines Ordners. per-raster: aus jedem Bild eines Ordners für sich. Beispiel: 0,3000</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>What all bands hold where the image shows nothing, as in a black or white collar; empty for what the image itself says. Example: 255</source>
        <translation>Was alle Kanäle dort enthalten, wo das Bild nichts zeigt, etwa in einem schwarzen oder weißen Rand; leer für das, was das Bild selbst sagt. Beispiel: 255</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>What computes the network; auto takes the fastest one that is there. Example: openvino</source>
        <translation>Was das Netz berechnet; auto nimmt den schnellsten vorhandenen Rechenkern. Beispiel: openvino</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>What is looked for, and in which kind of image. Example: mbrsc-lite0.</source>
        <translation>Wonach gesucht wird und in welcher Art von Bild. Beispiel: mbrsc-lite0.</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>auto takes a graphics card that can be used, else the processor. Example: cpu</source>
        <translation>auto nimmt eine Grafikkarte, wenn sie benutzbar ist, sonst den Prozessor. Beispiel: cpu</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>auto: matched to the model. source: the pixels as they are. Or metres per pixel. Example: 0.5</source>
        <translation>auto: an das Modell angepasst. source: die Pixel, wie sie sind. Oder Meter je Pixel. Beispiel: 0.5</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>fast: patches overlap a little. balanced: they overlap by a quarter, and the mean over four rotations is taken; about five times as long. best: they overlap by half, over all eight rotations and mirrors; about twenty-five times as long. Example: fast</source>
        <translation>fast: Kacheln überlappen sich wenig. balanced: Sie überlappen sich um ein Viertel, und über vier Drehungen wird gemittelt; dauert etwa fünfmal so lange. best: Sie überlappen sich um die Hälfte, gemittelt über alle acht Drehungen und Spiegelungen; dauert etwa fünfundzwanzigmal so lange. Beispiel: fast</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <source>source: the pixels of the layer. model: those the model saw. Or metres per pixel. Example: 1</source>
        <translation>source: die Pixel des Layers. model: die, die das Modell gesehen hat. Oder Meter je Pixel. Beispiel: 1</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Comparison of both models</source>
        <translation>Vergleich beider Modelle</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../wording/words.py"/>
        <source>Data of the model</source>
        <translation>Daten des Modells</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>GeoTIFF that shows where in the reviewed squares the new model is right and the old one was not, and the other way round. Example: flips.tif</source>
        <translation>GeoTIFF, das zeigt, wo in den geprüften Quadraten das neue Modell recht hat und das alte nicht, und umgekehrt. Beispiel: wechsel.tif</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Has a model learn from the reviewed squares of “Suggest squares to correct”, and compares it with the old one on the squares to check with, which it is never trained on. The old model stays as it is. It needs the training environment (Settings → Options → aerialseg).</source>
        <translation>Lässt ein Modell aus den geprüften Quadraten von „Quadrate zum Korrigieren vorschlagen“ lernen und vergleicht es mit dem alten auf den Kontrollquadraten, auf denen nie trainiert wird. Das alte Modell bleibt, wie es ist. Nötig ist die Umgebung zum Trainieren (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Look again at square {}: {} is drawn at {}, {}; the model says {}.</source>
        <translation>Quadrat {} noch einmal ansehen: {} ist bei {}, {} gezeichnet; das Modell sagt {}.</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>New model</source>
        <translation>Neues Modell</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <source>Put it into the list of models</source>
        <translation>In die Liste der Modelle aufnehmen</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Retrain model</source>
        <translation>Modell nachtrainieren</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <source>Review</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Share of the check squares that was right, 0 to 1</source>
        <translation>Anteil der Kontrollquadrate, der richtig war, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Share of them that is right now, 0 to 1</source>
        <translation>Anteil davon, der jetzt richtig ist, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>The comparison with the old model (.html, .json) is written beside it. Example: /models/mine.onnx</source>
        <translation>Der Vergleich mit dem alten Modell (.html, .json) wird daneben geschrieben. Beispiel: /modelle/meins.onnx</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>The data set that the model was trained on, if at hand: it forgets less. A folder of images/ and masks/, or a TOML file that pairs images with labels. Example: /data/dubai</source>
        <translation>Der Datensatz, auf dem das Modell trainiert wurde, falls er da ist: es vergisst dann weniger. Ein Ordner mit images/ und masks/ oder eine TOML-Datei, die Bildern Beschriftungen zuordnet. Beispiel: /daten/dubai</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>The image of the map, if it is no longer where it was. Example: ortho.tif</source>
        <translation>Das Bild der Karte, falls es nicht mehr dort liegt, wo es war. Beispiel: ortho.tif</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>The model that the map was made with. Example: mbrsc-lite0</source>
        <translation>Das Modell, mit dem die Karte gemacht wurde. Beispiel: mbrsc-lite0</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>The same figures as JSON</source>
        <translation>Dieselben Zahlen als JSON</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>Training ends by itself; at the latest after so many minutes. Example: 5</source>
        <translation>Das Training endet von selbst, spätestens nach so vielen Minuten. Beispiel: 5</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>What flipped</source>
        <translation>Was sich geändert hat</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>What “Suggest squares to correct” has written, with reviewed squares. Example: review.gpkg</source>
        <translation>Was „Quadrate zum Korrigieren vorschlagen“ geschrieben hat, mit geprüften Quadraten. Beispiel: pruefung.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <source>Whether the other algorithms offer the model at once. Example: yes</source>
        <translation>Ob die anderen Algorithmen das Modell sofort anbieten. Beispiel: ja</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>review,correct,fine-tune,active learning,training,compare</source>
        <translation>prüfen,korrigieren,nachtrainieren,aktives Lernen,Training,vergleichen</translation>
    </message>
    <message>
        <location filename="../processing/retrainmodel.py"/>
        <source>{}: {} right before, {} after</source>
        <translation>{}: vorher {} richtig, nachher {}</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Allocation</source>
        <translation>Aufteilung</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Draws points in a class raster by chance. Say in the form of each point what is on the ground there, without looking at the map; “Areas with confidence intervals” then estimates how many hectares of each class there are, and how right the map is.</source>
        <translation>Zieht zufällig Punkte in einem Klassenraster. Geben Sie im Formular jedes Punktes an, was dort am Boden ist, ohne auf die Karte zu sehen; „Flächen mit Vertrauensbereichen“ schätzt dann, wie viele Hektar es von jeder Klasse gibt und wie richtig die Karte ist.</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Expected accuracies</source>
        <translation>Erwartete Genauigkeiten</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>GeoPackage with the points, their form, and how they were drawn. Example: points.gpkg</source>
        <translation>GeoPackage mit den Punkten, ihrem Formular und der Art, wie sie gezogen wurden. Beispiel: punkte.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>How far points are apart at least. Example: 50</source>
        <translation>Wie weit Punkte mindestens voneinander entfernt sind. Beispiel: 50</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>How many points a class gets in a stratified sample. proportional: by its area. equal: the same number. neyman: what makes the overall accuracy surest. Example: proportional</source>
        <translation>Wie viele Punkte eine Klasse in einer geschichteten Stichprobe bekommt. proportional: nach ihrer Fläche. equal: alle gleich viele. neyman: so, dass die Gesamtgenauigkeit am sichersten wird. Beispiel: proportional</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>How many points lie in each of these squares. Example: 5</source>
        <translation>Wie viele Punkte in jedem dieser Quadrate liegen. Beispiel: 5</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>How many points there are; 0 for as many as the standard error needs. Example: 150</source>
        <translation>Wie viele Punkte es werden; 0 für so viele, wie der Standardfehler verlangt. Beispiel: 150</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Least distance (m)</source>
        <translation>Kleinster Abstand (m)</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Least points of a class</source>
        <translation>Wenigste Punkte einer Klasse</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Of the overall accuracy, where the number of points is 0. Example: 0.02</source>
        <translation>Der Gesamtgenauigkeit, wenn die Anzahl der Punkte 0 ist. Beispiel: 0.02</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Of the squares in which points lie together, for the method cluster. Example: 100</source>
        <translation>Der Quadrate, in denen Punkte beieinander liegen, für die Methode cluster. Beispiel: 100</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>One band of whole numbers, each of them a class. Example: classes.tif</source>
        <translation>Ein Kanal aus ganzen Zahlen, von denen jede eine Klasse ist. Beispiel: klassen.tif</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Points and area of each class, as JSON</source>
        <translation>Punkte und Fläche jeder Klasse, als JSON</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Points of a cluster</source>
        <translation>Punkte einer Gruppe</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Rare classes get so many points in a stratified sample. Example: 30</source>
        <translation>So viele Punkte bekommen seltene Klassen in einer geschichteten Stichprobe. Beispiel: 30</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>Sample points</source>
        <translation>Stichprobenpunkte ziehen</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Side of a cluster (m)</source>
        <translation>Seitenlänge einer Gruppe (m)</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording/words.py"/>
        <source>Standard error</source>
        <translation>Standardfehler</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>The same seed draws the same points. Example: 7</source>
        <translation>Derselbe Startwert zieht dieselben Punkte. Beispiel: 7</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>User’s accuracies that you expect; 0.8 for other classes. Example: Building=0.7,Road=0.6</source>
        <translation>Nutzergenauigkeiten, die Sie erwarten; 0.8 für die anderen Klassen. Beispiel: Building=0.7,Road=0.6</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>sampling,stratified,random,accuracy assessment,validation,acatama,area estimation</source>
        <translation>stichprobe,geschichtet,zufall,genauigkeit,validierung,acatama,flächenschätzung</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>stratified: at random in each class, so that rare classes get enough points. simple: at random from everything. systematic: a grid that begins at random. cluster: some near each other, in squares that are drawn at random, so that there are fewer places to go to. Example: stratified</source>
        <translation>stratified: zufällig in jeder Klasse, damit seltene Klassen genug Punkte bekommen. simple: zufällig aus allem. systematic: ein Gitter mit zufälligem Anfang. cluster: einige nahe beieinander, in zufällig gezogenen Quadraten, damit weniger Orte zu besuchen sind. Beispiel: stratified</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <source>{} – points to label</source>
        <translation>{} – Punkte zum Beschriften</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>A row for each image: what became of it, and why. Example: status.csv</source>
        <translation>Eine Zeile für jedes Bild: was daraus wurde und warum. Beispiel: status.csv</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>An image failed; the table says why. The others are done.</source>
        <translation>Ein Bild ist gescheitert; die Tabelle sagt, warum. Die anderen sind fertig.</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording/words.py"/>
        <source>Bands, in the order of the model</source>
        <translation>Kanäle, in der Reihenfolge des Modells</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Confidence rasters</source>
        <translation>Konfidenzraster</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../wording/words.py"/>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Folder for the results</source>
        <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Folder of rasters</source>
        <translation>Ordner mit Rastern</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../wording/words.py"/>
        <source>Image on top</source>
        <translation>Bild, das oben liegt</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Images done</source>
        <translation>Fertige Bilder</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Images that failed</source>
        <translation>Fehlgeschlagene Bilder</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Images that were done before</source>
        <translation>Bilder, die schon fertig waren</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>It is made if it is not there. Example: /data/maps</source>
        <translation>Er wird angelegt, wenn es ihn nicht gibt. Beispiel: /data/maps</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Load the results as a group</source>
        <translation>Ergebnisse als Gruppe laden</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Numbers of the bands that show what the model wants; empty to find them by their names, wavelengths and colours. Example: 4,3,2</source>
        <translation>Nummern der Kanäle, die zeigen, was das Modell verlangt; leer, um sie nach Namen, Wellenlängen und Farben zu finden. Beispiel: 4,3,2</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Only the first {} of {} results are loaded; drag the others from the browser.</source>
        <translation>Nur die ersten {} von {} Ergebnissen werden geladen; ziehen Sie die anderen aus dem Browser in die Karte.</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Rasters of unknown ground</source>
        <translation>Raster des unbekannten Geländes</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../wording/words.py"/>
        <source>Replace other results</source>
        <translation>Andere Ergebnisse ersetzen</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Segment folder of rasters</source>
        <translation>Ordner mit Rastern segmentieren</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Segments every raster of a folder with one loaded model. A file that cannot be used does not stop the others; run again, it does only what is missing. A table says what became of each.</source>
        <translation>Segmentiert jedes Raster eines Ordners mit einem einmal geladenen Modell. Eine unbrauchbare Datei hält die anderen nicht auf; ein neuer Lauf macht nur, was fehlt. Eine Tabelle sagt, was aus jedem Raster wurde.</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Status table</source>
        <translation>Statustabelle</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../wording/words.py"/>
        <source>Sub-folders too</source>
        <translation>Auch Unterordner</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>The status table {} cannot be written: {}. Choose another folder.</source>
        <translation>Die Statustabelle {} kann nicht geschrieben werden: {}. Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Where the images are. Example: /data/orthophotos</source>
        <translation>Wo die Bilder sind. Beispiel: /data/orthophotos</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether a GeoPackage of class polygons is written for each image. Example: yes</source>
        <translation>Ob für jedes Bild ein GeoPackage mit Klassenpolygonen geschrieben wird. Beispiel: ja</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether images that lie side by side on one grid are read as one picture: their maps fit together, and polygons.gpkg has the polygons of all of them, cut at no image&apos;s edge. Example: yes</source>
        <translation>Ob Bilder, die auf einem Raster nebeneinander liegen, wie ein einziges gelesen werden: Ihre Karten passen aneinander, und polygons.gpkg enthält die Polygone aller Bilder, an keinem Bildrand zerschnitten. Beispiel: ja</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether results of another model or of other settings may be replaced. Example: no</source>
        <translation>Ob Ergebnisse eines anderen Modells oder anderer Einstellungen ersetzt werden dürfen. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether the class rasters and polygons are added to the project. Example: yes</source>
        <translation>Ob Klassenraster und Polygone dem Projekt hinzugefügt werden. Beispiel: ja</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether to look in sub-folders; the results get the same sub-folders. Example: no</source>
        <translation>Ob auch in Unterordnern gesucht wird; die Ergebnisse kommen in gleiche Unterordner. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether to write how sure the model was. Example: no</source>
        <translation>Ob geschrieben wird, wie sicher das Modell war. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Whether to write how unlike the model&apos;s training images each image is. Example: no</source>
        <translation>Ob auch geschrieben wird, wie wenig jedes Bild den Trainingsbildern des Modells gleicht. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Which files of the folder are images, in capital or small letters; several patterns are separated by commas. Example: ortho_*.tif,*.jp2</source>
        <translation>Welche Dateien des Ordners Bilder sind, in Groß- oder Kleinbuchstaben; mehrere Muster werden durch Kommas getrennt. Beispiel: ortho_*.tif,*.jp2</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>Which image counts where some overlap: the newest, or the first or last by name. Example: newest</source>
        <translation>Welches Bild gilt, wo mehrere sich überlappen: das neueste oder das dem Namen nach erste oder letzte. Beispiel: newest</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../wording/words.py"/>
        <source>Without seams between images</source>
        <translation>Ohne Nähte zwischen den Bildern</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>aerialseg: {}</source>
        <translation>aerialseg: {}</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>land cover,classification,deep learning,u-net,batch,orthophotos</source>
        <translation>Landbedeckung,Klassifikation,Deep Learning,U-Net,Stapel,Orthophotos,Luftbilder,batch</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>{done} done, {skipped} done before, {failed} failed</source>
        <translation>{done} fertig, {skipped} schon vorher fertig, {failed} fehlgeschlagen</translation>
    </message>
    <message>
        <location filename="../processing/segmentfolder.py"/>
        <source>{} images failed; the table says why. The others are done.</source>
        <translation>{} Bilder sind fehlgeschlagen; warum, sagt die Tabelle. Die anderen sind fertig.</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>A part of the layer, such as the visible part of the map; empty for all of it. Example: 155000,155250,463000,463250</source>
        <translation>Ein Teil des Layers, etwa der sichtbare Kartenausschnitt; leer für den ganzen. Beispiel: 155000,155250,463000,463250</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording/words.py"/>
        <source>Extent</source>
        <translation>Ausdehnung</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Finds the land cover that a model knows in a raster layer of any size, and writes a class raster, and if wanted class polygons and how sure the model was. Works in bounded memory, in a process of its own.</source>
        <translation>Findet in einem Rasterlayer beliebiger Größe die Landbedeckung, die ein Modell kennt, und schreibt ein Klassenraster sowie auf Wunsch Klassenpolygone und wie sicher das Modell war. Braucht begrenzten Arbeitsspeicher und rechnet in einem eigenen Prozess.</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>GeoPackage of polygons with class and area that share their edges. Example: classes.gpkg</source>
        <translation>GeoPackage mit Polygonen mit Klasse und Fläche, die ihre Kanten teilen. Beispiel: classes.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>GeoTIFF that says how sure the model was, 0 to 100 %. Example: confidence.tif</source>
        <translation>GeoTIFF, das sagt, wie sicher das Modell war, von 0 bis 100 %. Beispiel: confidence.tif</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>GeoTIFF that says how unlike the model&apos;s training images the ground is, in percent: up to 100 like them, 250 for that and more. Example: unlike.tif</source>
        <translation>GeoTIFF, das sagt, wie wenig das Gelände den Trainingsbildern des Modells gleicht, in Prozent: bis 100 gleicht es ihnen, 250 steht für diesen Wert und mehr. Beispiel: unlike.tif</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>GeoTIFF with 0 for no data and 1, 2, 3 … for the classes. Example: classes.tif</source>
        <translation>GeoTIFF mit 0 für NoData und 1, 2, 3 … für die Klassen. Beispiel: classes.tif</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Mean confidence of each class in percent, as JSON</source>
        <translation>Mittlere Sicherheit jeder Klasse in Prozent, als JSON</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Polygons outside of which nothing is segmented; tick to use the selected ones only. Example: a municipality</source>
        <translation>Polygone, außerhalb derer nichts segmentiert wird; mit dem Haken gelten nur die gewählten. Beispiel: eine Gemeinde</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Raster of unknown ground</source>
        <translation>Raster des unbekannten Geländes</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Segment raster layer</source>
        <translation>Rasterlayer segmentieren</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>The image: a file, or a layer of a map server. Example: an orthophoto</source>
        <translation>Das Bild: eine Datei oder ein Layer eines Kartenservers. Beispiel: ein Orthophoto</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Whether the ground is like the training images, as JSON</source>
        <translation>Ob das Gelände den Trainingsbildern gleicht, als JSON</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>Which bands show what the model wants, such as red, green, blue; none to find them by their names, wavelengths and colours. Example: 4, 3, 2</source>
        <translation>Welche Kanäle zeigen, was das Modell verlangt, etwa Rot, Grün, Blau; keine Angabe, um sie nach Namen, Wellenlängen und Farben zu finden. Beispiel: 4, 3, 2</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>land cover,classification,deep learning,u-net,building,road,vegetation,water,aerial</source>
        <translation>Landbedeckung,Klassifikation,Deep Learning,U-Net,Gebäude,Straße,Vegetation,Wasser,Luftbild,land cover,segmentation</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>{} – class polygons</source>
        <translation>{} – Klassenpolygone</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>{} – confidence</source>
        <translation>{} – Konfidenz</translation>
    </message>
    <message>
        <location filename="../processing/segmentraster.py"/>
        <source>{} – unknown ground</source>
        <translation>{} – unbekanntes Gelände</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>Folder of the environment</source>
        <translation>Ordner der Umgebung</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>Installs from this folder and needs no network; empty for the folder in the options, or the package index. Fill it with: pip download --only-binary :all: -d wheels -r run.txt. Example: /media/usb/wheels</source>
        <translation>Installiert aus diesem Ordner und braucht kein Netzwerk; leer für den Ordner in den Optionen oder den Paketindex. Füllen Sie ihn mit: pip download --only-binary :all: -d wheels -r run.txt. Beispiel: /media/usb/wheels</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>Makes the Python environment in which aerialseg runs models, inside the QGIS profile, or repairs it. Nothing is installed into QGIS. An environment that is in order stays as it is.</source>
        <translation>Legt im QGIS-Profil die Python-Umgebung an, in der aerialseg Modelle ausführt, oder repariert sie. In QGIS selbst wird nichts installiert. Eine intakte Umgebung bleibt, wie sie ist.</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>Set up environment</source>
        <translation>Umgebung einrichten</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>The environment is in order: {}</source>
        <translation>Die Umgebung ist in Ordnung: {}</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>What it is for</source>
        <translation>Wofür sie ist</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>install,repair,python,venv,pip,dependencies,offline,wheels</source>
        <translation>installieren,reparieren,Python,venv,pip,Abhängigkeiten,offline,Wheels</translation>
    </message>
    <message>
        <location filename="../processing/setupenvironment.py"/>
        <source>“run” for segmenting (0.9 GB), “train” for training models as well (3 GB). Example: run</source>
        <translation>„run“ zum Segmentieren (0,9 GB), „train“ auch zum Trainieren von Modellen (3 GB). Beispiel: run</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>A map of aerialseg. Example: classes.tif</source>
        <translation>Eine Karte von aerialseg. Beispiel: klassen.tif</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Chooses small squares of a map that are worth looking at, with the polygons of the map inside them: where the model is unsure, where classes are rare, and where the ground is unlike what it was trained on. A share of them is drawn by chance, to check the model with. Correct what is in the squares and mark them as reviewed; “Retrain model” learns from that.</source>
        <translation>Wählt kleine Quadrate einer Karte, die anzusehen sich lohnt, mit den Polygonen der Karte darin: wo das Modell unsicher ist, wo Klassen selten sind und wo der Boden anders ist als der, auf dem es trainiert wurde. Ein Teil wird zufällig gezogen, um das Modell daran zu messen. Korrigieren Sie, was in den Quadraten ist, und merken Sie sie als geprüft vor; „Modell nachtrainieren“ lernt daraus.</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Fewer vertices along the edges. Example: 0.5</source>
        <translation>Weniger Stützpunkte entlang der Kanten. Beispiel: 0.5</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>GeoPackage with the squares and the labels in them. One in which somebody has worked is never replaced. Example: review.gpkg</source>
        <translation>GeoPackage mit den Quadraten und den Beschriftungen darin. Eines, in dem jemand gearbeitet hat, wird nie ersetzt. Beispiel: pruefung.gpkg</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>How many of them are to check with</source>
        <translation>Wie viele davon Kontrollquadrate sind</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>In pixels where the map has no coordinate system. Example: 128</source>
        <translation>In Pixeln, wenn die Karte kein Koordinatensystem hat. Beispiel: 128</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Number of polygons in them</source>
        <translation>Anzahl der Polygone darin</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Number of squares</source>
        <translation>Anzahl der Quadrate</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Share of the squares that are drawn by chance and never trained on. Example: 0.25</source>
        <translation>Anteil der Quadrate, die zufällig gezogen werden und auf denen nie trainiert wird. Beispiel: 0.25</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Share to check with</source>
        <translation>Anteil der Kontrollquadrate</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording/words.py"/>
        <source>Side of a square (m)</source>
        <translation>Seite eines Quadrats (m)</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Smaller regions go to a neighbour, so that there is less to click. Example: 4</source>
        <translation>Kleinere Flächen gehen an einen Nachbarn, damit weniger zu klicken ist. Beispiel: 4</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Squares: {}, of them to check with: {}; polygons: {}</source>
        <translation>Quadrate: {}, davon zum Prüfen: {}; Polygone: {}</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Suggest squares to correct</source>
        <translation>Quadrate zum Korrigieren vorschlagen</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>That of the same run: it says where the model is unsure. Example: sure.tif</source>
        <translation>Das des gleichen Laufs: es sagt, wo das Modell unsicher ist. Beispiel: sicher.tif</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>That of the same run; without it, it does not count how unlike the ground is. Example: unlike.tif</source>
        <translation>Das des gleichen Laufs; ohne es zählt nicht, wie fremd der Boden ist. Beispiel: fremd.tif</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>The same seed draws the same squares. Example: 7</source>
        <translation>Derselbe Startwert zieht dieselben Quadrate. Beispiel: 7</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>Where there is no place for so many there are fewer. Example: 20</source>
        <translation>Wo für so viele kein Platz ist, sind es weniger. Beispiel: 20</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <source>review,correct,active learning,labels,uncertainty,training</source>
        <translation>prüfen,korrigieren,aktives Lernen,Beschriftungen,Unsicherheit,Training</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../review/layers.py"/>
        <source>{} – labels</source>
        <translation>{} – Beschriftungen</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../review/layers.py"/>
        <source>{} – squares</source>
        <translation>{} – Quadrate</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>A model that has learnt something alike needs fewer polygons and less time; empty to start without. Example: mbrsc-lite0</source>
        <translation>Ein Modell, das Ähnliches gelernt hat, braucht weniger Polygone und weniger Zeit; leer, um ohne zu beginnen. Beispiel: mbrsc-lite0</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>A recipe of your own, used instead of the one in the list. Example: /data/my-recipe.toml</source>
        <translation>Ein eigenes Rezept, das statt dem aus der Liste benutzt wird. Beispiel: /data/my-recipe.toml</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>An interrupted training of {} is there. Tick “Continue an interrupted training”, choose another name, or remove the folder {}.</source>
        <translation>Es gibt ein unterbrochenes Training von {}. Setzen Sie einen Haken bei „Unterbrochenes Training fortsetzen“, wählen Sie einen anderen Namen, oder entfernen Sie den Ordner {}.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Choose the images that the polygons lie on.</source>
        <translation>Wählen Sie die Bilder, auf denen die Polygone liegen.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Choose the training polygons on the images.</source>
        <translation>Wählen Sie die Trainingspolygone auf den Bildern.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <location filename="../wording/words.py"/>
        <source>Continue an interrupted training</source>
        <translation>Unterbrochenes Training fortsetzen</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Learns classes of your own from images and training polygons, or from a folder of images and masks, and writes a model that is in the list of models at once. Places that the model has not seen are held out and scored. Training takes minutes on a graphics card and hours without one. It needs the training environment (Settings → Options → aerialseg).</source>
        <translation>Lernt eigene Klassen aus Bildern und Trainingspolygonen oder aus einem Ordner mit Bildern und Masken und schreibt ein Modell, das sofort in der Liste der Modelle steht. Orte, die das Modell nicht gesehen hat, werden zurückgehalten und bewertet. Das Training dauert mit einer Grafikkarte Minuten, ohne sie Stunden. Es braucht die Umgebung mit Training (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Mean intersection over union on held-out places, 0 to 1</source>
        <translation>Mittlere Intersection over Union an zurückgehaltenen Orten, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Models (*.onnx *.keras)</source>
        <translation>Modelle (*.onnx *.keras)</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Nothing was held out, so the model is not scored.</source>
        <translation>Nichts wurde zurückgehalten, daher ist das Modell nicht bewertet.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Recipe file</source>
        <translation>Rezeptdatei</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Share of their pixels that are right, 0 to 1</source>
        <translation>Anteil ihrer richtigen Pixel, 0 bis 1</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Start from a model</source>
        <translation>Mit einem Modell beginnen</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Start from a model file</source>
        <translation>Mit einer Modelldatei beginnen</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>The .onnx or .keras file of a model, used instead of the one in the list. Example: /models/town.onnx</source>
        <translation>Die .onnx- oder .keras-Datei eines Modells, die statt dem aus der Liste benutzt wird. Beispiel: /models/town.onnx</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>The model. A file to train it further (.keras) and the course of the training (.csv) are written beside it. Example: /models/town.onnx</source>
        <translation>Das Modell. Eine Datei zum Weitertrainieren (.keras) und der Verlauf des Trainings (.csv) werden daneben geschrieben. Beispiel: /models/town.onnx</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>The recipe may be of another network than {}: it starts without.</source>
        <translation>Das Rezept ist vielleicht das eines anderen Netzes als {}: Es beginnt ohne.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Train model</source>
        <translation>Modell trainieren</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Training ends after so many minutes at the latest: 5 for a first look, 15, 60 and more for a model to keep; 0 for as long as the recipe says. Example: 15</source>
        <translation>Das Training endet spätestens nach so vielen Minuten: 5 für einen ersten Blick, 15, 60 und mehr für ein Modell zum Behalten; 0 für so lange, wie das Rezept sagt. Beispiel: 15</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>What was learnt is kept: tick “Continue an interrupted training” to continue from there.</source>
        <translation>Das Gelernte bleibt erhalten: Setzen Sie einen Haken bei „Unterbrochenes Training fortsetzen“, um dort weiterzumachen.</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>Whether to continue after the last epoch of a training of the same file that was cancelled or killed. It keeps the polygons as they were. Example: no</source>
        <translation>Ob ein abgebrochenes oder abgestürztes Training derselben Datei nach der letzten Epoche fortgesetzt wird. Es geht mit den Polygonen weiter, wie sie waren. Beispiel: nein</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>default: the network of the shipped model. quick: a first look in minutes. seed: a plain U-Net. Example: quick</source>
        <translation>default: das Netz des mitgelieferten Modells. quick: ein erster Eindruck in Minuten. seed: ein einfaches U-Net. Beispiel: quick</translation>
    </message>
    <message>
        <location filename="../processing/trainmodel.py"/>
        <source>training,learning,fine-tune,u-net,deep learning,neural network,classification</source>
        <translation>Training,Lernen,Feinabstimmung,U-Net,Deep Learning,neuronales Netz,Klassifikation,fine-tune</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>About {} of {} is empty: the server may not have answered everywhere.</source>
        <translation>Etwa {} von {} sind leer: Der Server hat vielleicht nicht überall geantwortet.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <location filename="../runner.py"/>
        <location filename="../vectors.py"/>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>Nothing came from {} for this extent. Check the connection and what it shows there.</source>
        <translation>Von {} kam für diese Ausdehnung nichts. Prüfen Sie die Verbindung und was dort zu sehen ist.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>Reading {} through its provider: {} × {} px</source>
        <translation>{} wird über seinen Datenanbieter gelesen: {} × {} px</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>The extent lies outside of {}.</source>
        <translation>Die Ausdehnung liegt außerhalb von {}.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>error {}</source>
        <translation>Fehler {}</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>{} cannot be read through its provider: {}. Check the connection and the free disk space.</source>
        <translation>{} kann nicht über seinen Datenanbieter gelesen werden: {}. Prüfen Sie die Verbindung und den freien Speicherplatz.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>{} has no pixels of its own. Choose an extent, such as the visible part of the map.</source>
        <translation>{} hat keine eigenen Pixel. Wählen Sie eine Ausdehnung, etwa den sichtbaren Kartenausschnitt.</translation>
    </message>
    <message>
        <location filename="../rasters.py"/>
        <source>{} would be {} megapixels. Choose a smaller extent or a coarser resolution.</source>
        <translation>{} wären {} Megapixel. Wählen Sie eine kleinere Ausdehnung oder eine gröbere Bodenauflösung.</translation>
    </message>
    <message>
        <location filename="../results.py"/>
        <source>Right as before</source>
        <translation>Richtig wie vorher</translation>
    </message>
    <message>
        <location filename="../results.py"/>
        <source>Right now</source>
        <translation>Jetzt richtig</translation>
    </message>
    <message>
        <location filename="../results.py"/>
        <source>Still wrong</source>
        <translation>Immer noch falsch</translation>
    </message>
    <message>
        <location filename="../results.py"/>
        <source>Wrong now</source>
        <translation>Jetzt falsch</translation>
    </message>
    <message>
        <location filename="../review/review_file.py"/>
        <source>Another program is writing to {}. Nothing was changed: try again when it has ended.</source>
        <translation>Ein anderes Programm schreibt gerade in {}. Nichts wurde geändert: Versuchen Sie es noch einmal, wenn es fertig ist.</translation>
    </message>
    <message>
        <location filename="../review/review_file.py"/>
        <source>{} cannot be used as a review: {}. Choose a file of “Suggest squares to correct”.</source>
        <translation>{} ist nicht als Prüfung zu gebrauchen: {}. Wählen Sie eine Datei von „Quadrate zum Korrigieren vorschlagen“.</translation>
    </message>
    <message>
        <location filename="../review/review_file.py"/>
        <source>{} cannot be written to: {}. Nothing was changed: see to the disk and the file.</source>
        <translation>In {} kann nicht geschrieben werden: {}. Nichts wurde geändert: Sehen Sie nach dem Datenträger und der Datei.</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>, loss {}</source>
        <translation>, Verlust {}</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>, {} left</source>
        <translation>, noch {}</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>Further messages are not shown.</source>
        <translation>Weitere Meldungen werden nicht gezeigt.</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>Unforeseen error: {}. Please report it with this log.</source>
        <translation>Unvorhergesehener Fehler: {}. Bitte melden Sie ihn mit diesem Protokoll.</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>{} h {} min</source>
        <translation>{} h {} min</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>{} min</source>
        <translation>{} min</translation>
    </message>
    <message>
        <location filename="../runner.py"/>
        <source>{} s</source>
        <translation>{} s</translation>
    </message>
    <message>
        <location filename="../sampling/sample.py"/>
        <source>Nobody knows how the points of {} were drawn, and an area estimated from them would only look right. Draw a sample.</source>
        <translation>Niemand weiß, wie die Punkte von {} gezogen wurden, und eine aus ihnen geschätzte Fläche sähe nur richtig aus. Ziehen Sie eine Stichprobe.</translation>
    </message>
    <message>
        <location filename="../sampling/sample.py"/>
        <source>The label could not be saved in {}. Check that the file can be written.</source>
        <translation>Die Beschriftung konnte nicht in {} gespeichert werden. Prüfen Sie, ob die Datei beschreibbar ist.</translation>
    </message>
    <message>
        <location filename="../sampling/sample.py"/>
        <source>{} is damaged. Draw a sample anew.</source>
        <translation>{} ist beschädigt. Ziehen Sie die Stichprobe neu.</translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source>It is not clear which field of {} holds the classes; it has {}. Choose the class field.</source>
        <translation>Es ist nicht klar, welches Feld von {} die Klassen enthält; vorhanden: {}. Wählen Sie das Klassenfeld.</translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source>No polygon lies on {}: it is left out.</source>
        <translation>Kein Polygon liegt auf {}: Es wird ausgelassen.</translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source>No polygon of {} has a value in the field {}. Fill it in.</source>
        <translation>Kein Polygon von {} hat einen Wert im Feld {}. Füllen Sie es aus.</translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source>No polygon of {} lies on {}. Check the coordinate systems of both.</source>
        <translation>Kein Polygon von {} liegt auf {}. Prüfen Sie die Koordinatenbezugssysteme beider.</translation>
    </message>
    <message>
        <location filename="../training_data.py"/>
        <source>{} has no field {}; it has {}. Choose one of these.</source>
        <translation>{} hat kein Feld {}; vorhanden: {}. Wählen Sie eines davon.</translation>
    </message>
    <message>
        <location filename="../training_layer.py"/>
        <source>{} – training polygons</source>
        <translation>{} – Trainingspolygone</translation>
    </message>
    <message>
        <location filename="../training_watch.py"/>
        <source>Nothing of {} was held out: draw it in more than one place.</source>
        <translation>Von {} wurde nichts zurückgehalten: Zeichnen Sie es an mehr als einer Stelle.</translation>
    </message>
    <message>
        <location filename="../training_watch.py"/>
        <source>{} {}: draw more of it, in several places.</source>
        <translation>{} {}: Zeichnen Sie mehr davon, an mehreren Stellen.</translation>
    </message>
    <message>
        <location filename="../vectors.py"/>
        <source>The polygons cannot be copied: {}</source>
        <translation>Die Polygone können nicht kopiert werden: {}</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--labels ({path}) cannot be read: {error}. Choose a table.</source>
        <translation>--labels ({path}) kann nicht gelesen werden: {error}. Eine Tabelle wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--min-distance has no meaning for a sample in clusters: its points are meant to be near.</source>
        <translation>--min-distance hat keinen Sinn für eine Stichprobe in Gruppen: Ihre Punkte sollen nahe beieinander liegen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--zones ({path}) cannot be brought into the coordinate system of the map. Save them in that one.</source>
        <translation>--zones ({path}) kann nicht in das Koordinatensystem der Karte gebracht werden. Sie in diesem speichern.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--zones ({path}) cannot be read: {error}. Choose a layer of polygons.</source>
        <translation>--zones ({path}) kann nicht gelesen werden: {error}. Einen Layer mit Polygonen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--zones ({path}) have no column {column}. They have {columns}.</source>
        <translation>--zones ({path}) haben keine Spalte {column}. Sie haben {columns}.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>--zones ({path}) hold {count} polygons, too few or too many.</source>
        <translation>--zones ({path}) enthält {count} Polygone, zu wenige oder zu viele.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>All {count} points that are mapped as {name} are right: the interval of its user&apos;s accuracy has no width, although {share:.0%} may be wrong (rule of three).</source>
        <translation>Alle {count} als {name} kartierten Punkte stimmen: Das Intervall der Nutzergenauigkeit hat keine Breite, obwohl {share:.0%} falsch sein können (Dreierregel).</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Fewer than five points are {names}: intervals of so few are not reliable.</source>
        <translation>Weniger als fünf Punkte sind {names}: Intervalle aus so wenigen sind nicht verlässlich.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Fewer than two points are labelled in {names}: nothing tells how sure an estimate is. Label more points there.</source>
        <translation>Weniger als zwei Punkte sind in {names} beschriftet: Nichts sagt, wie sicher eine Schätzung ist. Dort mehr Punkte beschriften.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>None of the zones in --zones ({path}) lies on {map}. Choose zones of the same ground, with their coordinate system.</source>
        <translation>Keine der Zonen bei --zones ({path}) liegt auf {map}. Zonen desselben Gebiets wählen, mit ihrem Koordinatensystem.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>None of the {points} points has a label. Label them first, or give them in --labels.</source>
        <translation>Keiner der {points} Punkte ist beschriftet. Sie zuerst beschriften, oder bei --labels angeben.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Points of one cluster only are labelled: nothing tells how sure an estimate is. Label more of them.</source>
        <translation>Nur Punkte einer Gruppe sind beschriftet: Nichts sagt, wie sicher eine Schätzung ist. Mehr davon beschriften.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Points that keep a distance are a probability sample only nearly: the probabilities are those without it.</source>
        <translation>Punkte mit Mindestabstand sind nur fast eine Zufallsstichprobe: Die Wahrscheinlichkeiten sind die ohne Abstand.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Points were added to {path}, which had {drawn}: it is no probability sample any more. Remove them; for more points, draw a larger sample.</source>
        <translation>Zu {path} wurden Punkte hinzugefügt, es waren {drawn}: Es ist keine Zufallsstichprobe mehr. Sie entfernen; für mehr Punkte eine größere Stichprobe ziehen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The class raster has no coordinate system to measure in: areas are in pixels.</source>
        <translation>Das Klassenraster hat kein Koordinatensystem zum Messen: Flächen in Pixeln.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The class raster has {pixels} pixels, fewer than {points} points. Draw fewer points.</source>
        <translation>Das Klassenraster hat {pixels} Pixel, weniger als {points} Punkte. Weniger Punkte ziehen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The column map_class of {path} was changed. Take the file as it was written.</source>
        <translation>Die Spalte map_class von {path} wurde geändert. Die Datei nehmen, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The column {column} of {path} was changed. Take the file as it was written.</source>
        <translation>Die Spalte {column} von {path} wurde geändert. Die Datei nehmen, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The design of the sample is damaged: {error}. Draw the points anew.</source>
        <translation>Der Plan der Stichprobe ist beschädigt: {error}. Die Punkte neu ziehen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The grid meets fewer than two pixels. Draw more points, or take another --seed.</source>
        <translation>Das Gitter trifft weniger als zwei Pixel. Mehr Punkte ziehen, oder einen anderen --seed nehmen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points are a grid; standard errors are those of a random sample, which mostly are larger.</source>
        <translation>Die Punkte bilden ein Gitter; die Standardfehler sind die einer Zufallsstichprobe, die meist größer sind.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points are in another coordinate system than {map}. Choose the map that they were drawn from, or one in the same system.</source>
        <translation>Die Punkte liegen in einem anderen Koordinatensystem als {map}. Die Karte wählen, aus der sie gezogen wurden, oder eine im selben System.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points could not be written: {error}. Check the disk and the folder.</source>
        <translation>Die Punkte konnten nicht geschrieben werden: {error}. Datenträger und Ordner prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points keep a distance, so they are a probability sample only nearly.</source>
        <translation>Die Punkte halten Abstand, sind also nur fast eine Zufallsstichprobe.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points lie in {count} clusters only: intervals of so few are not reliable.</source>
        <translation>Die Punkte liegen nur in {count} Gruppen: Intervalle aus so wenigen sind nicht verlässlich.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points were drawn from another map: its classes are the strata.</source>
        <translation>Die Punkte wurden aus einer anderen Karte gezogen: Deren Klassen sind die Schichten.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points were drawn with a later version. Update the plugin.</source>
        <translation>Die Punkte wurden mit einer neueren Version gezogen. Die Erweiterung aktualisieren.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points {path} cannot be read: {error}. Choose what “Draw sample points” has written.</source>
        <translation>Die Punkte {path} können nicht gelesen werden: {error}. Die Datei mit den gezogenen Punkten wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points {path} have no column “{column}” any more. Take the file as it was written.</source>
        <translation>Die Punkte {path} haben keine Spalte „{column}“ mehr. Die Datei nehmen, wie sie geschrieben wurde.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The points {path} would be a GeoPackage under another name. Let it end in .gpkg.</source>
        <translation>Die Punkte {path} wären ein GeoPackage unter einem anderen Namen. Ihn auf .gpkg enden lassen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The table {table} of {path} is damaged. Draw the points anew.</source>
        <translation>Die Tabelle {table} von {path} ist beschädigt. Die Punkte neu ziehen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>The zones have no coordinate system: they are taken to be in that of the map.</source>
        <translation>Die Zonen haben kein Koordinatensystem: Das der Karte wird angenommen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>There is no room for {points} points that are {distance:g} {unit} or more apart. Draw fewer, or let them be closer in --min-distance.</source>
        <translation>Es ist kein Platz für {points} Punkte im Abstand von {distance:g} {unit} oder mehr. Weniger ziehen, oder bei --min-distance weniger Abstand erlauben.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Without a label, and left out as if that were chance: {missing} of {points} points.</source>
        <translation>Ohne Klasse und weggelassen, als wäre das Zufall: {missing} von {points} Punkten.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Without a label, and left out: {missing} of {points} points, the last ones; as they come in random order, that is chance.</source>
        <translation>Ohne Klasse und weggelassen: {missing} von {points} Punkten, die letzten; da sie in zufälliger Reihenfolge stehen, ist das Zufall.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Without a label: {missing} of the {points} points ({listed}). Label what is missing, or tick --incomplete to leave it out as if that were chance.</source>
        <translation>Ohne Beschriftung: {missing} der {points} Punkte ({listed}). Das Fehlende beschriften, oder --incomplete ankreuzen, um es wegzulassen, als wäre es Zufall.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>Zones overlap ({first} and {second}): ground in two of them counts for the first one.</source>
        <translation>Zonen überlappen sich ({first} und {second}): Gelände in beiden zählt zur ersten.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{count} points were labelled by somebody who was not sure.</source>
        <translation>{count} Punkte wurden von jemandem beschriftet, der nicht sicher war.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{labels} is no class of the map. Its classes are {known}.</source>
        <translation>{labels} ist keine Klasse der Karte. Ihre Klassen sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{map} has no class at {points} of the points. Choose a map of all the ground that they were drawn from.</source>
        <translation>{map} hat an {points} der Punkte keine Klasse. Eine Karte des ganzen Gebiets wählen, aus dem sie gezogen wurden.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{map} is no data everywhere. Choose a class raster with classes.</source>
        <translation>{map} hat nirgends Daten. Ein Klassenraster mit Klassen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{missing} of the {drawn} points of {path} were removed: what is left is no probability sample. Leave a point without a label instead, and tick --incomplete.</source>
        <translation>{missing} der {drawn} Punkte von {path} wurden entfernt: Der Rest ist keine Zufallsstichprobe. Stattdessen einen Punkt unbeschriftet lassen und --incomplete ankreuzen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{moved} points of {path} were moved to other pixels: it is no probability sample any more. Put them back, or draw the points anew.</source>
        <translation>{moved} Punkte von {path} wurden auf andere Pixel verschoben: Es ist keine Zufallsstichprobe mehr. Sie zurücklegen, oder die Punkte neu ziehen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} gives point {point} more than one label. Let each point have one.</source>
        <translation>{path} gibt Punkt {point} mehr als eine Beschriftung. Jedem Punkt eine geben.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} has labels of points that the sample does not have: {listed}. Choose the labels of this sample.</source>
        <translation>{path} hat Beschriftungen von Punkten, die nicht in der Stichprobe sind: {listed}. Die Beschriftungen dieser Stichprobe wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} has no columns of labels. Choose a table with the columns id and label, such as AcATaMa saves.</source>
        <translation>{path} hat keine Spalten mit Beschriftungen. Eine Tabelle mit den Spalten id und label wählen, wie AcATaMa sie speichert.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} holds points of which nobody knows how they were drawn: they may be no probability sample, and an area estimated from it would only look right. Draw points here, and label those.</source>
        <translation>{path} enthält Punkte, von denen niemand weiß, wie sie gezogen wurden: Vielleicht sind sie keine Zufallsstichprobe, und eine daraus geschätzte Fläche sähe nur richtig aus. Hier Punkte ziehen und diese beschriften.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} holds points that somebody has labelled: {labelled}. Choose another name, or remove it yourself.</source>
        <translation>{path} enthält Punkte, denen jemand Klassen gegeben hat: {labelled}. Wählen Sie einen anderen Namen, oder löschen Sie die Datei selbst.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} holds polygons: places that somebody chose, like training polygons or uncertain squares, are no probability sample, and an area estimated from it would only look right. Draw points here, and label those.</source>
        <translation>{path} enthält Polygone: Orte, die jemand ausgesucht hat, wie Trainingspolygone oder unsichere Quadrate, sind keine Zufallsstichprobe, und eine daraus geschätzte Fläche sähe nur richtig aus. Hier Punkte ziehen und diese beschriften.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} holds the layer {layer}, which is no part of a sample. Choose another name, or remove it yourself.</source>
        <translation>{path} enthält den Layer {layer}, der kein Teil einer Stichprobe ist. Wählen Sie einen anderen Namen, oder löschen Sie die Datei selbst.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{path} is there and cannot be read: {error}. Choose another name, or remove it yourself.</source>
        <translation>{path} ist vorhanden und nicht lesbar: {error}. Wählen Sie einen anderen Namen, oder löschen Sie die Datei selbst.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{points} points are too few for {classes} classes with {minimum} points or more each. Draw {least} points or more, or allow fewer in --minimum.</source>
        <translation>{points} Punkte sind zu wenige für {classes} Klassen mit je mindestens {minimum} Punkten. {least} oder mehr ziehen, oder bei --minimum weniger erlauben.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{points} points, for a standard error of {error:g} of the overall accuracy if that is about {share:.2f}.</source>
        <translation>{points} Punkte, für einen Standardfehler von {error:g} der Gesamtgenauigkeit, wenn sie etwa {share:.2f} ist.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{side:g} in --cluster-side is {cols} × {rows} px of {name}. Choose a side between {least:.4g} and {most:.4g} {unit}.</source>
        <translation>{side:g} bei --cluster-side sind {cols} × {rows} px von {name}. Eine Seite zwischen {least:.4g} und {most:.4g} {unit} wählen.</translation>
    </message>
    <message>
        <location filename="../wording/areas.py"/>
        <source>{value} points of a cluster are too few: it takes at least 2.</source>
        <translation>{value} Punkte einer Gruppe sind zu wenige: Es müssen mindestens 2 sein.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>A map of {scene} was not written as it should be. Check the disk.</source>
        <translation>Eine Karte von {scene} wurde nicht so geschrieben, wie es sein soll. Den Datenträger prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>A part of {path} was damaged on the disk. Run it again: that part is computed anew.</source>
        <translation>Ein Teil von {path} wurde auf dem Datenträger beschädigt. Noch einmal ausführen: Der Teil wird neu berechnet.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>Another run is writing {output}{who}. Wait until it has ended, stop it, or choose another name.</source>
        <translation>Ein anderer Lauf schreibt {output}{who}. Warten, bis er zu Ende ist, ihn abbrechen, oder einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>Another run seems to be writing {output}{who}. If it has ended, delete {file} and run it again.</source>
        <translation>Ein anderer Lauf schreibt offenbar {output}{who}. Wenn er zu Ende ist, {file} löschen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>Nobody knows any more what has computed the parts of {path}, as {file} is damaged. Delete the folder {folder} and run it again.</source>
        <translation>Womit die Teile von {path} berechnet wurden, weiß niemand mehr, denn {file} ist beschädigt. Den Ordner {folder} löschen und noch einmal starten.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The confidence of {path} was lost while it was made. Run it again.</source>
        <translation>Die Konfidenz von {path} ging verloren, während es gemacht wurde. Noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The disk is full: {path} could not be written. Free some space and run it again.</source>
        <translation>Der Datenträger ist voll: {path} konnte nicht geschrieben werden. Platz schaffen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The disk of {path} does not answer: {error}. Connect it again and run it again.</source>
        <translation>Der Datenträger von {path} antwortet nicht: {error}. Ihn wieder verbinden und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder for the results, {folder}, does not exist any more. Bring it back and run it again.</source>
        <translation>Der Ordner für die Ergebnisse, {folder}, existiert nicht mehr. Ihn zurückholen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder for the results, {folder}, is also the folder of the images. Choose another one.</source>
        <translation>Der Ordner für die Ergebnisse, {folder}, ist auch der Ordner der Bilder. Einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} cannot be made: {error}. Choose another one.</source>
        <translation>Der Ordner {folder} kann nicht angelegt werden: {error}. Einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} does not exist, or not any more. Create it, or choose another one.</source>
        <translation>Der Ordner {folder} existiert nicht oder nicht mehr. Ihn anlegen, oder einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} does not exist. Create it, or choose another one.</source>
        <translation>Der Ordner {folder} existiert nicht. Ihn anlegen, oder einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} holds more than an earlier result ({other}), so it is not replaced. Choose another name, or empty it.</source>
        <translation>Der Ordner {folder} enthält mehr als ein früheres Ergebnis ({other}), darum wird er nicht ersetzt. Einen anderen Namen wählen, oder ihn leeren.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} is read-only. Choose another one, or ask for the right to write there.</source>
        <translation>Der Ordner {folder} ist schreibgeschützt. Einen anderen wählen, oder um Schreibrechte bitten.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The folder {folder} is read-only. Choose another one.</source>
        <translation>Der Ordner {folder} ist schreibgeschützt. Einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The name {path} has {length} bytes, more than {most}. Choose a shorter one.</source>
        <translation>Der Name {path} hat {length} Byte, mehr als {most}. Einen kürzeren wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The name {path} is too long. Choose a shorter one.</source>
        <translation>Der Name {path} ist zu lang. Einen kürzeren wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The path {path} cannot be opened, and {place} allows no link to it: {error}. Rename the folder or the file: without ! and other signs that addresses have.</source>
        <translation>Der Pfad {path} kann nicht geöffnet werden, und {place} erlaubt keine Verknüpfung dorthin: {error}. Ordner oder Datei umbenennen: ohne ! und andere Zeichen, die Adressen haben.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>The path “{path}” cannot be opened. Rename the folder or the file.</source>
        <translation>Der Pfad „{path}“ kann nicht geöffnet werden. Ordner oder Datei umbenennen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>Two results have the same name. Give each a name of its own.</source>
        <translation>Zwei Ergebnisse haben denselben Namen. Jedem einen eigenen geben.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>What lies beside {path} is of another run ({folder}). Delete that folder, or choose another name.</source>
        <translation>Was neben {path} liegt, gehört zu einem anderen Lauf ({folder}). Diesen Ordner löschen, oder einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>What was to be told could not be written: {reason}.</source>
        <translation>Was gemeldet werden sollte, konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{name} is nested too deeply.</source>
        <translation>{name} ist zu tief verschachtelt.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{name} is not valid TOML: {error}. Text stands in quotes; paths are written with /.</source>
        <translation>{name} ist kein gültiges TOML: {error}. Text steht in Anführungszeichen; Pfade werden mit / geschrieben.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be made: {error}. Choose another folder.</source>
        <translation>{path} kann nicht angelegt werden: {error}. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be read: {error}. Check that it is there and may be read.</source>
        <translation>{path} kann nicht gelesen werden: {error}. Prüfen, ob es da ist und gelesen werden darf.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be read: {error}. Choose another name for the result.</source>
        <translation>{path} kann nicht gelesen werden: {error}. Einen anderen Namen für das Ergebnis wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be read: {error}. Close it in other programs.</source>
        <translation>{path} kann nicht gelesen werden: {error}. Es in anderen Programmen schließen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be used as the list of the images: {error}. Move it away, or choose another folder for the results.</source>
        <translation>{path} ist als Liste der Bilder nicht brauchbar: {error}. Es wegräumen, oder einen anderen Ordner für die Ergebnisse wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be written: {reason}. Check its folder, its disk and your quota.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}. Ordner, Datenträger und Kontingent prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} cannot be written: {reason}. Check its folder.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}. Den Ordner prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} could not be written and lacks {count} of the images: close it in other programs, and run it again.</source>
        <translation>{path} konnte nicht geschrieben werden, und es fehlen {count} Bilder: es in anderen Programmen schließen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} could not be written: it is larger than a file may be there. Choose another disk.</source>
        <translation>{path} konnte nicht geschrieben werden: Es ist größer, als eine Datei dort sein darf. Einen anderen Datenträger wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} exists already. Choose another name.</source>
        <translation>{path} gibt es schon. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} holds a layer “{layer}” that is not of aerialseg and would be replaced. Rename that layer, or choose another name for the result.</source>
        <translation>{path} enthält einen Layer „{layer}“, der nicht von aerialseg ist und ersetzt würde. Ihn umbenennen, oder einen anderen Namen für das Ergebnis wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} holds half a character, {half}. Correct it or take it out.</source>
        <translation>{path} enthält ein halbes Zeichen, {half}. Es berichtigen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} holds no features but says where others are. Choose the file with the features itself.</source>
        <translation>{path} enthält keine Objekte, sondern sagt, wo andere sind. Die Datei mit den Objekten selbst wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} holds other layers that cannot be kept: {error}. Choose another name for the result.</source>
        <translation>{path} enthält andere Layer, die nicht erhalten werden können: {error}. Einen anderen Namen für das Ergebnis wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is a file. Choose the name of a folder.</source>
        <translation>{path} ist eine Datei. Den Namen eines Ordners wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is a folder. Choose the name of a file.</source>
        <translation>{path} ist ein Ordner. Den Namen einer Datei wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is also what is read. Choose another name for the result.</source>
        <translation>{path} ist auch das, was gelesen wird. Einen anderen Namen für das Ergebnis wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is larger than {most} MB, so it is no text.</source>
        <translation>{path} ist größer als {most} MB, also kein Text.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is nested too deeply.</source>
        <translation>{path} ist zu tief verschachtelt.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is no JSON: {error}. Correct it or take it out.</source>
        <translation>{path} ist kein JSON: {error}. Es berichtigen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is no UTF-8 text: see line {line}. Save it as UTF-8.</source>
        <translation>{path} ist kein UTF-8-Text: siehe Zeile {line}. Es als UTF-8 speichern.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is no page of aerialseg, so it is not replaced. Move it away.</source>
        <translation>{path} ist keine Seite von aerialseg, darum wird sie nicht ersetzt. Sie wegräumen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} is open in another program, which is writing to it. Save and close it there, in QGIS by removing its layers, or choose another name.</source>
        <translation>{path} ist in einem anderen Programm offen, das darin schreibt. Dort speichern und schließen, in QGIS die Layer entfernen, oder einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} was changed by another program meanwhile. Close it there and run it again.</source>
        <translation>{path} wurde inzwischen von einem anderen Programm geändert. Es dort schließen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} was not written as it should be. Check the disk, and run it again.</source>
        <translation>{path} wurde nicht so geschrieben, wie es sein soll. Den Datenträger prüfen und noch einmal ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{path} would be a GeoTIFF under the name of another format. Let the name end in .tif.</source>
        <translation>{path} wäre ein GeoTIFF unter dem Namen eines anderen Formats. Den Namen auf .tif enden lassen.</translation>
    </message>
    <message>
        <location filename="../wording/files.py"/>
        <source>{source} asks for “{part}”, which is not understood. Save the selection to a file of its own.</source>
        <translation>{source} verlangt „{part}“, was nicht verstanden wird. Die Auswahl in eine eigene Datei speichern.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>--mosaic gives every image a map on its own grid: write source into --out-gsd.</source>
        <translation>--mosaic gibt jedem Bild eine Karte in seinem eigenen Raster: bei --out-gsd source eintragen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>--pattern and --recursive are for a folder.</source>
        <translation>--pattern und --recursive gelten für einen Ordner.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>Cancelled. What was finished is kept; the same run again continues from there.</source>
        <translation>Abgebrochen. Was fertig war, bleibt; derselbe Lauf setzt dort fort.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>No coordinate systems are found: {error}. Set the environment up again (Settings → Options → aerialseg).</source>
        <translation>Es werden keine Koordinatensysteme gefunden: {error}. Die Umgebung neu einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>No pixel of {scene} can be {nodata:g}: it is {dtype}. Correct --nodata, or leave it empty.</source>
        <translation>Kein Pixel von {scene} kann {nodata:g} sein: Es ist {dtype}. --nodata berichtigen oder leer lassen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>No polygon of --mask ({mask}) covers a pixel of {scene}. Check that the layer belongs to this image, and the coordinate systems of both.</source>
        <translation>Kein Polygon bei --mask ({mask}) deckt ein Pixel von {scene} ab. Prüfen, ob der Layer zu diesem Bild gehört, und die Koordinatensysteme beider.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>Passed over in {folder}: {listed}.</source>
        <translation>Übergangen in {folder}: {listed}.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The bands of {scene} are not of one type ({types}). Convert them first with “Translate (convert format)”.</source>
        <translation>Die Kanäle von {scene} sind nicht vom selben Typ ({types}). Sie zuerst mit „Übersetzen (Format umwandeln)“ umwandeln.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The chosen part is empty. Choose another part.</source>
        <translation>Der gewählte Teil ist leer. Einen anderen Teil wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The chosen part lies outside the image. Choose another part.</source>
        <translation>Der gewählte Teil liegt außerhalb des Bildes. Einen anderen Teil wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The coordinate systems of another program are found instead of our own ({named}): {error}. Remove these variables from the computer&apos;s settings, and restart QGIS.</source>
        <translation>Statt der eigenen werden die Koordinatensysteme eines anderen Programms gefunden ({named}): {error}. Diese Variablen aus den Einstellungen des Rechners entfernen und QGIS neu starten.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The folder {folder} cannot be read: {error}.</source>
        <translation>Der Ordner {folder} kann nicht gelesen werden: {error}.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The layer in --mask holds no polygon ({path}). Draw the part that is wanted as polygons.</source>
        <translation>Der Layer bei --mask enthält kein Polygon ({path}). Den gewünschten Teil als Polygone zeichnen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The memory is full. Close other programs, or allow the run less in --memory.</source>
        <translation>Der Arbeitsspeicher ist voll. Andere Programme schließen, oder bei --memory weniger erlauben.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The model needs {count} bands ({wanted}), but {raster} has {usable}, and bands {chosen} were chosen. Choose one for each in --bands.</source>
        <translation>Das Modell braucht {count} Kanäle ({wanted}), aber {raster} hat {usable}, und gewählt sind {chosen}. Bei --bands für jeden einen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The model needs {wanted}, but no band of {raster} is {lacking}: they are {found}. Choose them in --bands.</source>
        <translation>Das Modell braucht {wanted}, aber kein Kanal von {raster} ist {lacking}: Sie sind {found}. Sie bei --bands wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The name {name} cannot be read. Rename the file.</source>
        <translation>Der Name {name} ist nicht lesbar. Die Datei umbenennen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The name “{name}” cannot be read. Rename the file.</source>
        <translation>Der Name „{name}“ ist nicht lesbar. Die Datei umbenennen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The pixels of {scene} have no area (transform {transform}). Georeference it again.</source>
        <translation>Die Pixel von {scene} haben keine Fläche (Transformation {transform}). Es neu georeferenzieren.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The polygons in --mask ({path}) cannot be brought into the coordinate system of the image: {error} Save them in that one.</source>
        <translation>Die Polygone bei --mask ({path}) können nicht in das Koordinatensystem des Bildes gebracht werden: {error} Sie in diesem speichern.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>The polygons in --mask cannot be read: {error}. ({path}) Choose another layer.</source>
        <translation>Die Polygone bei --mask können nicht gelesen werden: {error}. ({path}) Einen anderen Layer wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>There are no names in --pattern. Write some such as {examples}.</source>
        <translation>Bei --pattern stehen keine Namen. Welche wie {examples} eintragen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>There is no folder and no file {path}. Check the path.</source>
        <translation>Es gibt keinen Ordner und keine Datei {path}. Den Pfad prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>There is no folder {folder}. Check the path.</source>
        <translation>Es gibt keinen Ordner {folder}. Den Pfad prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>Unforeseen {kind}: {error}. Please report it with the log.</source>
        <translation>Unvorhergesehen: {kind}: {error}. Bitte mit dem Protokoll melden.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>Whether {scene} was changed while it was read cannot be found out: its server does not say it any more. Run it again later: what is finished is kept.</source>
        <translation>Ob {scene} beim Lesen geändert wurde, ist nicht herauszufinden: Der Server sagt es nicht mehr. Später noch einmal ausführen: Was fertig ist, bleibt.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{cause} ({kind})</source>
        <translation>{cause} ({kind})</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{count} of {scenes} images could not be read: they are tried once more.</source>
        <translation>{count} von {scenes} Bildern konnten nicht gelesen werden: Sie werden noch einmal versucht.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{failed} of {scenes} images failed. The table says why; the others are done.</source>
        <translation>{failed} von {scenes} Bildern sind gescheitert. Die Tabelle sagt, warum; die anderen sind fertig.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{pattern} in --pattern cannot be used: {error}. Write names such as {examples}; ** is for any folders.</source>
        <translation>{pattern} bei --pattern ist nicht brauchbar: {error}. Namen wie {examples} eintragen; ** steht für beliebige Ordner.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{raster} is damaged at rows {first} to {last}: {error}.</source>
        <translation>{raster} ist in den Zeilen {first} bis {last} beschädigt: {error}.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} and {other} would give results of the same name. Rename one of them, or take it out.</source>
        <translation>{scene} und {other} würden Ergebnisse mit demselben Namen geben. Eines umbenennen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} cannot be put into a mosaic: its address holds a secret, which a file would keep. Untick --mosaic.</source>
        <translation>{scene} kann nicht in ein Mosaik: Seine Adresse enthält ein Geheimnis, das eine Datei behalten würde. --mosaic abwählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} cannot be read: {cause}. Check the address and the connection.</source>
        <translation>{scene} kann nicht gelesen werden: {cause}. Adresse und Verbindung prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} cannot be read: {cause}. Check the path, or get the file again.</source>
        <translation>{scene} kann nicht gelesen werden: {cause}. Den Pfad prüfen, oder die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} claims to be so large that its {cols} × {rows} px would take {years:,.0f} years. Check its size, or choose a smaller part.</source>
        <translation>{scene} gibt sich so groß aus, dass seine {cols} × {rows} px {years:,.0f} Jahre dauern würden. Die Größe prüfen, oder einen kleineren Teil wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} declares entities, which no virtual raster needs. Build it anew with “Build virtual raster”.</source>
        <translation>{scene} deklariert Entitäten, die kein virtuelles Raster braucht. Es mit „Virtuelles Raster erzeugen“ neu machen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} failed: {cause}</source>
        <translation>{scene} ist gescheitert: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has a mask that says where it has no data. Leave --nodata empty.</source>
        <translation>{scene} hat eine Maske, die sagt, wo keine Daten sind. --nodata leer lassen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has changed since its map was made: it is made again.</source>
        <translation>{scene} hat sich geändert, seit seine Karte gemacht wurde: Sie wird neu gemacht.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has no band of its own, but holds {count} rasters. Choose one of them as a layer: {rasters}{more}; or put bands together with “Build virtual raster”.</source>
        <translation>{scene} hat keinen eigenen Kanal, enthält aber {count} Raster. Eines davon als Layer wählen: {rasters}{more}; oder Kanäle mit „Virtuelles Raster erzeugen“ zusammenfügen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has no band. Choose a raster with pixels.</source>
        <translation>{scene} hat keinen Kanal. Ein Raster mit Pixeln wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has no coordinate system, so metres in --out-gsd have no meaning. Write source or model there, or say in --gsd how large its pixels are.</source>
        <translation>{scene} hat kein Koordinatensystem, also haben Meter bei --out-gsd keinen Sinn. Dort source oder model eintragen, oder bei --gsd sagen, wie groß die Pixel sind.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has no data at all. Check its no-data value and its mask.</source>
        <translation>{scene} hat gar keine Daten. Den NoData-Wert und die Maske prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has {gsd:.2g} m per pixel, which cannot be true: its coordinate system or its pixel size is wrong. Correct it with “Assign projection”, or write source into --gsd to read it as it is.</source>
        <translation>{scene} hat {gsd:.2g} m je Pixel, was nicht stimmen kann: Koordinatensystem oder Pixelgröße sind falsch. Es mit „Projektion zuweisen“ berichtigen, oder es mit source bei --gsd so lesen, wie es ist.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} has {gsd:.4g} m per pixel, too coarse for a model made for {made}. Use a finer image; or write source into --gsd to force it.</source>
        <translation>{scene} hat {gsd:.4g} m je Pixel, zu grob für ein Modell, das für {made} gemacht ist. Ein feineres Bild nehmen; oder es mit source bei --gsd erzwingen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is a folder and no image. Rename it.</source>
        <translation>{scene} ist ein Ordner und kein Bild. Ihn umbenennen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is a link that leads nowhere. Mend it, or remove it.</source>
        <translation>{scene} ist eine Verknüpfung ohne Ziel. Sie reparieren oder entfernen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is a link that leads to itself. Mend it, or remove it.</source>
        <translation>{scene} ist eine Verknüpfung, die auf sich selbst zeigt. Sie berichtigen oder entfernen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is located by RPCs only. Orthorectify it first.</source>
        <translation>{scene} ist nur durch RPCs verortet. Es zuerst orthorektifizieren.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is located by ground control points only. Warp it first with “Warp (reproject)” or the Georeferencer.</source>
        <translation>{scene} ist nur durch Passpunkte verortet. Es zuerst mit „Transformieren (Reprojizieren)“ oder dem Georeferenzierer entzerren.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is no file. Remove it.</source>
        <translation>{scene} ist keine Datei. Es entfernen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is no image: it is a description in XML or JSON, which may lead to other files or to a server. If you trust it, give it the ending of what it is (.vrt, .xml); otherwise choose another layer.</source>
        <translation>{scene} ist kein Bild, sondern eine Beschreibung in XML oder JSON, die zu anderen Dateien oder zu einem Server führen kann. Wenn ihr zu trauen ist, ihr die passende Endung geben (.vrt, .xml); sonst einen anderen Layer wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is said to be in degrees of {crs}, but its centre is at {x:.10g}, {y:.10g}: its coordinate system is wrong. Give it the right one with “Assign projection”.</source>
        <translation>{scene} soll in Grad von {crs} liegen, aber seine Mitte ist bei {x:.10g}, {y:.10g}: Das Koordinatensystem ist falsch. Das richtige mit „Projektion zuweisen“ vergeben.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} is stored in blocks of {cols} × {rows} px, which take {needed} MiB to read, more than the {memory} MiB that are allowed. Export the layer to a new GeoTIFF, or allow {enough} in --memory.</source>
        <translation>{scene} ist in Blöcken von {cols} × {rows} px gespeichert, die zum Lesen {needed} MiB brauchen, mehr als die erlaubten {memory} MiB. Den Layer in ein neues GeoTIFF exportieren, oder bei --memory {enough} erlauben.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} names an overview in another place, {overview}. Export the layer to a new file.</source>
        <translation>{scene} nennt eine Übersicht an anderer Stelle, {overview}. Den Layer in eine neue Datei exportieren.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene} was changed or removed while it was read. Run it again when it stays.</source>
        <translation>{scene} wurde geändert oder entfernt, während es gelesen wurde. Noch einmal ausführen, wenn es sich nicht mehr ändert.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{scene}: its results cannot be called “{name}”. Rename the file.</source>
        <translation>{scene}: Die Ergebnisse können nicht „{name}“ heißen. Die Datei umbenennen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{shown} holds no image {known}. Write other names into --pattern, or tick --recursive.</source>
        <translation>{shown} enthält kein Bild {known}. Bei --pattern andere Namen eintragen, oder --recursive ankreuzen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{shown} holds no image. Choose a folder of images.</source>
        <translation>{shown} enthält kein Bild. Einen Ordner mit Bildern wählen.</translation>
    </message>
    <message>
        <location filename="../wording/images.py"/>
        <source>{value} in --nodata is no number; NaN and infinity are no data anyway.</source>
        <translation>{value} bei --nodata ist keine Zahl; NaN und Unendlich sind ohnehin ohne Daten.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>0 is in the labels and is not their no-data value, yet no class is left for it: 1 to {count} are taken for the classes, and 0 for unlabelled. If 0 is a class, say values = {numbers}.</source>
        <translation>0 ist in den Beschriftungen und nicht ihr NoData-Wert, aber keine Klasse ist dafür übrig: 1 bis {count} gelten als die Klassen, 0 als unbeschriftet. Wenn 0 eine Klasse ist, values = {numbers} sagen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>It is not clear which field of {path} holds the classes; {has}. Choose the “Class field”.</source>
        <translation>Es ist nicht klar, welches Feld von {path} die Klassen enthält; {has}. Das „Klassenfeld“ wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>It is not clear which numbers are which classes: the labels hold {numbers}, and the classes are {classes}{more}. Say it, such as values = {proposed}.</source>
        <translation>Es ist nicht klar, welche Nummern welche Klassen sind: Die Beschriftungen enthalten {numbers}, und die Klassen sind {classes}{more}. Es sagen, etwa values = {proposed}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>Label rasters call {value} “{one}” and “{other}”, the latter {path}.</source>
        <translation>Beschriftungsraster nennen {value} „{one}“ und „{other}“, letzteres {path}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>Masks are transparent in places ({share:.1%} of the pixels looked at), which are taken for unlabelled.</source>
        <translation>Masken sind stellenweise durchsichtig ({share:.1%} der angesehenen Pixel); das gilt als unbeschriftet.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No colour of the masks is a class; the most frequent are {frequent}. List the classes with their colours in classes.json.</source>
        <translation>Keine Farbe der Masken ist eine Klasse; am häufigsten sind {frequent}. Die Klassen mit ihren Farben in classes.json aufzählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No image has any data. Check the no-data value and the mask of the images.</source>
        <translation>Kein Bild hat Daten. NoData-Wert und Maske der Bilder prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No pair can be used: {cause}{others}.</source>
        <translation>Kein Paar ist brauchbar: {cause}{others}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No pixel is labelled with a class. Draw some training polygons.</source>
        <translation>Kein Pixel ist mit einer Klasse beschriftet. Trainingspolygone zeichnen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No pixel of {file}{more} holds a number of the classes, {numbers}; it has {held}. Give the numbers that are in the labels.</source>
        <translation>Kein Pixel von {file}{more} enthält eine Nummer der Klassen, {numbers}; es hat {held}. Die Nummern angeben, die in den Beschriftungen stehen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No polygon has a class. Fill in the class field of the training polygons.</source>
        <translation>Kein Polygon hat eine Klasse. Das Klassenfeld der Trainingspolygone ausfüllen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>No polygon of {path} lies on {image}. Check the coordinate systems of both, and the layers.</source>
        <translation>Kein Polygon von {path} liegt auf {image}. Die Koordinatensysteme beider prüfen, und die Layer.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The classes of the polygons: {cause}</source>
        <translation>Die Klassen der Polygone: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The coordinate system of {path} cannot be used: {error}. Set it in the layer&apos;s properties.</source>
        <translation>Das Koordinatensystem von {path} ist nicht brauchbar: {error}. Es in den Layereigenschaften setzen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The data name {named} bands for {image}, the model takes {wanted}.</source>
        <translation>Die Daten nennen {named} Kanäle für {image}, das Modell nimmt {wanted}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The folder {path} holds {what}, so it is not replaced. Choose another name, or move away what is there.</source>
        <translation>Der Ordner {path} enthält {what}, darum wird er nicht ersetzt. Einen anderen Namen wählen, oder wegräumen, was dort ist.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The ground resolution that the data state ({gsd} m) is not in the patches.</source>
        <translation>Die Bodenauflösung, die die Daten angeben ({gsd} m), steht nicht in den Kacheln.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The image {image} has no mask in {folder}. Add the mask or take the image out.</source>
        <translation>Das Bild {image} hat keine Maske in {folder}. Die Maske hinzufügen oder das Bild herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The image {image} is {dtype}. Convert it to real numbers with “Translate (convert format)”, Float32.</source>
        <translation>Das Bild {image} ist {dtype}. Es mit „Übersetzen (Format umwandeln)“, Float32, in reelle Zahlen umwandeln.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {mask} does not lie on the grid of {image}. Bring it there with “Warp (reproject)”.</source>
        <translation>Das Beschriftungsraster {mask} liegt nicht auf dem Raster von {image}. Es mit „Transformieren (Reprojizieren)“ dorthin bringen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path} does not say what its values mean. List the classes with their numbers.</source>
        <translation>Das Beschriftungsraster {path} sagt nicht, was seine Werte bedeuten. Die Klassen mit ihren Nummern aufzählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path} holds more than {most} different numbers, so they are no classes. Choose a raster of class numbers.</source>
        <translation>Das Beschriftungsraster {path} enthält mehr als {most} verschiedene Nummern, also keine Klassen. Ein Raster von Klassennummern wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path} is an image of colours, not of class numbers.</source>
        <translation>Das Beschriftungsraster {path} ist ein Farbbild, keines von Klassennummern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path} is {dtype} and holds fractions. Class numbers are whole: save it as uint8.</source>
        <translation>Das Beschriftungsraster {path} ist {dtype} und enthält Brüche. Klassennummern sind ganze Zahlen: als uint8 speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path} is {dtype}. Class numbers are whole: save it as uint8.</source>
        <translation>Das Beschriftungsraster {path} ist {dtype}. Klassennummern sind ganze Zahlen: als uint8 speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The label raster {path}: {cause}</source>
        <translation>Das Beschriftungsraster {path}: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The labels call {value} “{name}”, and by its place in the list of classes it is {by_place}. Say which it is, such as values = {own}.</source>
        <translation>Die Beschriftungen nennen {value} „{name}“, und nach ihrem Platz in der Liste der Klassen ist es {by_place}. Sagen, was gilt, etwa values = {own}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The labels call {value} “{name}”; by its place in the list of classes it is {by_place}. If not, say it: values = {numbers}.</source>
        <translation>Die Beschriftungen nennen {value} „{name}“; nach ihrem Platz in der Liste der Klassen ist es {by_place}. Wenn nicht, es sagen: values = {numbers}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The labels count from 0, as they hold {held} and {why}: 0 is {first}, not unlabelled. If 0 means unlabelled, say values = {numbers}.</source>
        <translation>Die Beschriftungen zählen ab 0, da sie {held} enthalten und {why}: 0 ist {first}, nicht unbeschriftet. Wenn 0 unbeschriftet heißt, values = {numbers} sagen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The labels hold 0 and {number}: 0 is {background}, not unlabelled, and {number} is {name}. If 0 means unlabelled, say values = {numbers}.</source>
        <translation>Die Beschriftungen enthalten 0 und {number}: 0 ist {background}, nicht unbeschriftet, und {number} ist {name}. Wenn 0 unbeschriftet heißt, values = {numbers} sagen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The labels hold {held}, and there is one class: {number} is {name}. If it is not, say values = {numbers}.</source>
        <translation>Die Beschriftungen enthalten {held}, und es gibt eine Klasse: {number} ist {name}. Wenn nicht, values = {numbers} sagen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The mask {mask} has no image in {folder}. Add the image or take the mask out.</source>
        <translation>Die Maske {mask} hat kein Bild in {folder}. Das Bild hinzufügen oder die Maske herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The mask {path} has colours of 16 bits. Save it as an RGB PNG of 8 bits.</source>
        <translation>Die Maske {path} hat Farben von 16 Bit. Sie als RGB-PNG mit 8 Bit speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The mask {path} has greys of 16 bits. Save it as a PNG of 8 bits.</source>
        <translation>Die Maske {path} hat Graustufen von 16 Bit. Sie als PNG mit 8 Bit speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The mask {path} is neither an image of colours nor of greys. Save it as an RGB PNG.</source>
        <translation>Die Maske {path} ist weder ein Farb- noch ein Graubild. Sie als RGB-PNG speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The masks are black and white and nothing says what that is: it is called background and foreground.</source>
        <translation>Die Masken sind schwarz und weiß, und nichts sagt, was das ist: Es heißt background und foreground.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The masks hold 0 and 1 and nothing says what that is: it is called background and foreground.</source>
        <translation>Die Masken enthalten 0 und 1, und nichts sagt, was das ist: Es heißt background und foreground.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The masks hold 0 and {number}: 0 is {dark}, which is black, and {number} is {light}.</source>
        <translation>Die Masken enthalten 0 und {number}: 0 ist {dark}, was schwarz ist, und {number} ist {light}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The masks in {folder} are transparent everywhere. Label something.</source>
        <translation>Die Masken in {folder} sind überall durchsichtig. Etwas beschriften.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The masks in {folder} hold the numbers {numbers}, and no classes are listed. List the classes with their numbers in classes.json.</source>
        <translation>Die Masken in {folder} enthalten die Nummern {numbers}, und keine Klassen sind aufgezählt. Die Klassen mit ihren Nummern in classes.json aufzählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The numbers of classes in {where}: {cause}</source>
        <translation>Die Nummern der Klassen in {where}: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The numbers of classes of {raster}: {cause}</source>
        <translation>Die Klassennummern von {raster}: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The overlap {overlap} is not 0 to 0.5.</source>
        <translation>Die Überlappung {overlap} liegt nicht zwischen 0 und 0,5.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>The polygons {path} cannot be read: {error}. Choose another layer.</source>
        <translation>Die Polygone {path} können nicht gelesen werden: {error}. Einen anderen Layer wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>There is no class “{name}”. The classes are {known}.</source>
        <translation>Es gibt keine Klasse „{name}“. Die Klassen sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>There is no pair of image and labels in {root}. Put images in folders named images and their masks, of the same name, in masks beside them.</source>
        <translation>In {root} gibt es kein Paar aus Bild und Beschriftung. Bilder in Ordner namens images legen und ihre gleichnamigen Masken in masks daneben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>There is no pair of image and mask under {data}. Put images in folders named images and their masks, of the same name, in masks beside them.</source>
        <translation>Unter {data} gibt es kein Paar aus Bild und Maske. Bilder in Ordner namens images legen und ihre gleichnamigen Masken in masks daneben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>There is no {file}; the classes of the shipped model are used, whose colours {share:.1%} of the labelled pixels have.</source>
        <translation>{file} fehlt; es gelten die Klassen des mitgelieferten Modells, deren Farben {share:.1%} der beschrifteten Pixel haben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>Which numbers are which classes was taken from the names in the labels: {listed}.</source>
        <translation>Welche Nummern welche Klassen sind, wurde den Namen in den Beschriftungen entnommen: {listed}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{cause} Replace the file or take it out.</source>
        <translation>{cause} Die Datei ersetzen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{cause} Take this image out, or name its bands.</source>
        <translation>{cause} Dieses Bild herausnehmen, oder seine Kanäle benennen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{cause} There is no such file: correct the path.</source>
        <translation>{cause} Die Datei gibt es nicht: den Pfad berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{data} is no folder. Choose the folder of the data set.</source>
        <translation>{data} ist kein Ordner. Den Ordner des Datensatzes wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{files} are of a compression that changes colours, as JPEG does: a colour at most {tolerance} from that of a class counts as that class ({share:.1%} of the labelled pixels), others are ignored. Save masks as PNG.</source>
        <translation>{files} sind so komprimiert, dass sich Farben ändern, wie bei JPEG: Eine Farbe, die höchstens {tolerance} von der einer Klasse abweicht, zählt als diese Klasse ({share:.1%} der beschrifteten Pixel), andere werden übergangen. Masken als PNG speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{file} lists colours that the masks do not have ({missing}): it explains {wrong:.1%} of the labelled pixels, the classes of the shipped model {share:.1%}, so those are used. Correct the file or take it out.</source>
        <translation>{file} nennt Farben, die die Masken nicht haben ({missing}): Es erklärt {wrong:.1%} der beschrifteten Pixel, die Klassen des mitgelieferten Modells {share:.1%}, also gelten diese. Die Datei berichtigen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{first} holds {what}, {second} {other}. Bring them to one measure.</source>
        <translation>{first} enthält {what}, {second} {other}. Sie auf ein Maß bringen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{image} has no georeference, so polygons cannot be laid on it. Georeference the image.</source>
        <translation>{image} ist nicht georeferenziert, also können keine Polygone darauf gelegt werden. Das Bild georeferenzieren.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{image} is not labelled by polygons.</source>
        <translation>{image} ist nicht mit Polygonen beschriftet.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{image} is {cols} × {rows} px and its mask {mask_cols} × {mask_rows} px. Both must have the same size.</source>
        <translation>{image} ist {cols} × {rows} px groß, seine Maske {mask_cols} × {mask_rows} px. Beide müssen gleich groß sein.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{mask} is compressed as JPEG is, and two class colours are too near to be told apart after that. Save the masks as PNG.</source>
        <translation>{mask} ist wie JPEG komprimiert, und zwei Klassenfarben sind danach zu ähnlich, um sie zu unterscheiden. Die Masken als PNG speichern.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{mask} is taken for the mask of {image}, after their names{others}.</source>
        <translation>{mask} gilt nach dem Namen als Maske von {image}{others}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{one} and {other} both hold masks of {folder}, so it is not clear which are meant. Take one of them out.</source>
        <translation>{one} und {other} enthalten beide Masken von {folder}; es ist nicht klar, welche gemeint sind. Eine davon herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{one} and {other} have one name but for its end, so it is not clear which one is meant. Take one of them out.</source>
        <translation>{one} und {other} heißen bis auf die Endung gleich; es ist nicht klar, welche Datei gemeint ist. Eine davon herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} cannot be read: the PNG is damaged or ends too early. Replace the file or take it out.</source>
        <translation>{path} kann nicht gelesen werden: Das PNG ist beschädigt oder endet zu früh. Die Datei ersetzen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} cannot be read: {error}. Replace the file or take it out.</source>
        <translation>{path} kann nicht gelesen werden: {error}. Die Datei ersetzen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} gives the unlabelled the colour of a class. Give it a colour of its own.</source>
        <translation>{path} gibt dem Unbeschrifteten die Farbe einer Klasse. Ihm eine eigene Farbe geben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} has an “unlabelled” that is no colour. Write it as &quot;#000000&quot;, or take it out.</source>
        <translation>{path} hat ein „unlabelled“, das keine Farbe ist. Es als &quot;#000000&quot; schreiben, oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} has no coordinate system, so its polygons cannot be laid on {image}. Set it in the layer&apos;s properties.</source>
        <translation>{path} hat kein Koordinatensystem, also können seine Polygone nicht auf {image} gelegt werden. Es in den Layereigenschaften setzen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} has no field “{field}”; {has}. Choose another --classes field.</source>
        <translation>{path} hat kein Feld „{field}“; {has}. Ein anderes Feld für --classes wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} has {count} bands, {needed} are needed. Take this image out.</source>
        <translation>{path} hat {count} Kanäle, {needed} werden gebraucht. Dieses Bild herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} holds no list of classes. Correct it or take it out.</source>
        <translation>{path} enthält keine Liste von Klassen. Es berichtigen oder herausnehmen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} is a table without geometry. Choose a layer of polygons.</source>
        <translation>{path} ist eine Tabelle ohne Geometrie. Einen Layer mit Polygonen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} is in the folder for the patches, {target}. Choose another folder.</source>
        <translation>{path} liegt im Ordner für die Kacheln, {target}. Einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path} lists no pairs.</source>
        <translation>{path} nennt keine Paare.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{path}: {cause}</source>
        <translation>{path}: {cause}</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{root} is neither a folder nor a TOML. Choose the folder of the data set.</source>
        <translation>{root} ist weder ein Ordner noch ein TOML. Den Ordner des Datensatzes wählen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{size} in --size is not {low} to {high} px.</source>
        <translation>{size} bei --size liegt nicht zwischen {low} und {high} px.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} gives the number {number} to “{one}” and “{other}”. Give every class numbers of its own.</source>
        <translation>{where} gibt die Nummer {number} an „{one}“ und „{other}“. Jeder Klasse eigene Nummern geben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} gives the numbers of classes twice.</source>
        <translation>{where} gibt die Klassennummern doppelt an.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} gives two classes the same colour. Give every class a colour of its own.</source>
        <translation>{where} gibt zwei Klassen dieselbe Farbe. Jeder Klasse eine eigene Farbe geben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has a class without {name} or {colour}. Give every class both.</source>
        <translation>{where} hat eine Klasse ohne {name} oder {colour}. Jeder Klasse beides geben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has a folder of images. Give the folder of their masks as well, and no single file.</source>
        <translation>{where} hat einen Ordner von Bildern. Auch den Ordner ihrer Masken angeben, und keine einzelne Datei.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has a number of “{name}” that is not whole.</source>
        <translation>{where} hat bei „{name}“ eine Nummer, die keine ganze Zahl ist.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has a “{key}” that cannot be used.</source>
        <translation>{where} hat ein unbrauchbares „{key}“.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <location filename="../wording/training.py"/>
        <source>{where} has an unknown key “{key}”. Known are {known}.</source>
        <translation>{where} hat einen unbekannten Schlüssel „{key}“. Bekannt sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has no image.</source>
        <translation>{where} hat kein Bild.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has values, which belongs to labels.</source>
        <translation>{where} hat values, was zu labels gehört.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} has “{key}”, which belongs to polygons.</source>
        <translation>{where} hat „{key}“, was zu polygons gehört.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} must have one of mask, labels and polygons.</source>
        <translation>{where} muss eines von mask, labels und polygons haben.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where} names the folder {path}, which does not exist. Correct the path.</source>
        <translation>{where} nennt den Ordner {path}, den es nicht gibt. Den Pfad berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/labels.py"/>
        <source>{where}: {cause} Correct its classes.</source>
        <translation>{where}: {cause} Die Klassen berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>A model has 1 to {most} classes, this one has {count}.</source>
        <translation>Ein Modell hat 1 bis {most} Klassen, dieses hat {count}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>Band “{band}” of the model&apos;s card has an unusable scaling. Get the model file again.</source>
        <translation>Kanal „{band}“ der Modellkarte hat eine unbrauchbare Skalierung. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>Keras does not load {model}: {cause}.</source>
        <translation>Keras lädt {model} nicht: {cause}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>Keras failed: {cause}.</source>
        <translation>Keras ist gescheitert: {cause}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>Keras is not usable here: {reason}. Choose auto in --engine.</source>
        <translation>Keras ist hier nicht benutzbar: {reason}. Bei --engine auto wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>No engine here runs {kind} models. Run Diagnose: it says what is missing.</source>
        <translation>Kein Rechenkern hier führt Modelle von {kind} aus. Die Diagnose ausführen: Sie sagt, was fehlt.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>No engine here runs {model}. Run Diagnose: it says what is missing.</source>
        <translation>Kein Rechenkern hier führt {model} aus. Die Diagnose ausführen: Sie sagt, was fehlt.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>No engine here runs {model}. {reason} Choose another model.</source>
        <translation>Kein Rechenkern hier führt {model} aus. {reason} Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>No squares of {patch} px that overlap by {overlap} px fit {size} px.</source>
        <translation>Keine Quadrate von {patch} px mit {overlap} px Überlappung passen auf {size} px.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime does not accept the network: {cause}. Choose another model.</source>
        <translation>ONNX Runtime nimmt das Netz nicht an: {cause}. Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime failed: {cause}. Choose openvino in --engine.</source>
        <translation>ONNX Runtime ist gescheitert: {cause}. Bei --engine openvino wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime is damaged here. Set the environment up again (Settings → Options → aerialseg).</source>
        <translation>ONNX Runtime ist hier beschädigt. Die Umgebung neu einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime is not installed. Set the environment up again (Settings → Options → aerialseg).</source>
        <translation>ONNX Runtime ist nicht installiert. Die Umgebung neu einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime is not usable here: {reason}. Set the environment up again (Settings → Options → aerialseg).</source>
        <translation>ONNX Runtime ist hier nicht benutzbar: {reason}. Die Umgebung neu einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>ONNX Runtime sees no graphics card here. Choose cpu in --device.</source>
        <translation>ONNX Runtime sieht hier keine Grafikkarte. Bei --device cpu wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>OpenVINO does not accept the network: {cause}. Choose onnxruntime in --engine.</source>
        <translation>OpenVINO nimmt das Netz nicht an: {cause}. Bei --engine onnxruntime wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>OpenVINO failed: {cause}. Choose onnxruntime in --engine.</source>
        <translation>OpenVINO ist gescheitert: {cause}. Bei --engine onnxruntime wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>OpenVINO is not usable here: {reason}. Choose auto in --engine.</source>
        <translation>OpenVINO ist hier nicht benutzbar: {reason}. Bei --engine auto wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>OpenVINO runs on the processor only here. Choose onnxruntime in --engine for a graphics card.</source>
        <translation>OpenVINO läuft hier nur auf dem Prozessor. Für eine Grafikkarte bei --engine onnxruntime wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>Squares that do not overlap have nothing to disagree about. Choose another --overlap.</source>
        <translation>Quadrate, die sich nicht überlappen, können sich nicht widersprechen. Eine andere --overlap wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The card {path} has an unknown key “{key}”. Known are {known}.</source>
        <translation>Die Karte {path} hat einen unbekannten Schlüssel „{key}“. Bekannt sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The card {path}: {key} must be {what}.</source>
        <translation>Die Karte {path}: {key} muss {what} sein.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The class_names in the metadata of {name} are no names by number, from 0 on.</source>
        <translation>class_names in den Metadaten von {name} sind keine Namen zu Nummern ab 0.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The colour {colour} of class “{name}” is not of the form #RRGGBB.</source>
        <translation>Die Farbe {colour} der Klasse „{name}“ hat nicht die Form #RRGGBB.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The engine {engine} does not run {model}. Choose auto in --engine.</source>
        <translation>Der Rechenkern {engine} führt {model} nicht aus. Bei --engine auto wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The input of {name} is of type {dtype}. Choose a segmentation model.</source>
        <translation>Der Eingang von {name} ist vom Typ {dtype}. Ein Segmentierungsmodell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model gives scores of {given} classes, its card names {classes}.</source>
        <translation>Das Modell gibt Werte für {given} Klassen, seine Karte nennt {classes}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model gives scores of {given} for patches of {wanted}. It cannot be used here.</source>
        <translation>Das Modell gibt Werte von {given} für Kacheln von {wanted}. Es ist hier nicht benutzbar.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model has no class “{name}”. It has {known}.</source>
        <translation>Das Modell hat keine Klasse „{name}“. Es hat {known}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model that {name} was made from is not among the models here.</source>
        <translation>Das Modell, aus dem {name} entstand, ist nicht unter den Modellen hier.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model {model} does not tell what its training images look like, so nothing can be unlike them. Leave out --unlike.</source>
        <translation>Das Modell {model} sagt nicht, wie seine Trainingsbilder aussehen, also kann nichts anders sein. --unlike weglassen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model {model} gives classes without probabilities, so there is no confidence. Untick “How sure the model is”.</source>
        <translation>Das Modell {model} gibt Klassen ohne Wahrscheinlichkeiten, also gibt es keine Konfidenz. „Wie sicher das Modell ist“ abwählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model {model} gives scores that are no numbers around row {row}, column {col} of the result. Check --range, or the training of the model.</source>
        <translation>Das Modell {model} gibt um Zeile {row}, Spalte {col} des Ergebnisses Werte, die keine Zahlen sind. --range prüfen, oder das Training des Modells.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model {path} cannot be read: {error}. Choose another one.</source>
        <translation>Das Modell {path} kann nicht gelesen werden: {error}. Ein anderes wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model {path} has more than {gib} GiB. Choose a smaller one.</source>
        <translation>Das Modell {path} hat mehr als {gib} GiB. Ein kleineres wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card does not tell what its training images look like. Get the model file again.</source>
        <translation>Die Modellkarte sagt nicht, wie ihre Trainingsbilder aussehen. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card has version {version}. Update the plugin to run this model.</source>
        <translation>Die Modellkarte hat Version {version}. Die Erweiterung aktualisieren, um dieses Modell auszuführen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card has {length} characters, too many to be one. Get the model file again.</source>
        <translation>Die Modellkarte hat {length} Zeichen, zu viele für eine. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card is not complete: {error}. Get the model file again.</source>
        <translation>Die Modellkarte ist unvollständig: {error}. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card is not readable. Get the model file again.</source>
        <translation>Die Modellkarte ist nicht lesbar. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card names images of type “{dtype}”, which are none.</source>
        <translation>Die Modellkarte nennt Bilder vom Typ „{dtype}“, die es nicht gibt.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s card names no band. Get the model file again.</source>
        <translation>Die Modellkarte nennt keinen Kanal. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s patch of {patch:.6g} px is larger than {most} px.</source>
        <translation>Die Kachel des Modells von {patch:.6g} px ist größer als {most} px.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s patch of {patch} px is too small to use.</source>
        <translation>Die Kachel des Modells von {patch} px ist zu klein.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s range of {black:g} to {white:g} is empty or out of measure.</source>
        <translation>Der Wertebereich des Modells von {black:g} bis {white:g} ist leer oder maßlos.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s resolution of {gsd} m lies outside its range of {low} to {high} m.</source>
        <translation>Die Auflösung des Modells von {gsd} m liegt außerhalb ihres Bereichs von {low} bis {high} m.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s temperature of {temperature} is no positive number.</source>
        <translation>Die Temperatur des Modells von {temperature} ist keine positive Zahl.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s temperature of {temperature} is out of measure.</source>
        <translation>Die Temperatur des Modells von {temperature} ist maßlos.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The model&apos;s threshold of {threshold:g} is no probability below 1.</source>
        <translation>Die Schwelle des Modells von {threshold:g} ist keine Wahrscheinlichkeit unter 1.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The names of classes must be unique and not empty.</source>
        <translation>Die Namen der Klassen müssen verschieden und nicht leer sein.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network gives class numbers beyond 0 to {last}. Its metadata must name all classes.</source>
        <translation>Das Netz gibt Klassennummern außerhalb von 0 bis {last}. Seine Metadaten müssen alle Klassen nennen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network gives scores of shape {shape}, not {layout} as when it was tried.</source>
        <translation>Das Netz gibt Werte der Form {shape}, nicht {layout} wie beim Probieren.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network has {bands} bands and {classes} classes, its card {card_bands} and {card_classes}. Get the model file again.</source>
        <translation>Das Netz hat {bands} Kanäle und {classes} Klassen, seine Karte {card_bands} und {card_classes}. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network in {path} does not match its card: it is damaged or altered. Get the file again.</source>
        <translation>Das Netz in {path} passt nicht zu seiner Karte: Es ist beschädigt oder verändert. Die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network takes patches of {patch} px only, its card says {card_patch} px. Get the model file again.</source>
        <translation>Das Netz nimmt nur Kacheln von {patch} px, seine Karte sagt {card_patch} px. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The network takes {batch} × {bands} × {side} × {side} values, more than can be tried.</source>
        <translation>Das Netz nimmt {batch} × {bands} × {side} × {side} Werte, mehr als probiert werden können.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The {key} in the metadata of {name} has {length} characters, too many to be one.</source>
        <translation>{key} in den Metadaten von {name} hat {length} Zeichen, zu viele.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The {key} in the metadata of {name} is no list of numbers.</source>
        <translation>{key} in den Metadaten von {name} ist keine Liste von Zahlen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The {key} in the metadata of {name} is no number of {least:g} to {most:g}.</source>
        <translation>{key} in den Metadaten von {name} ist keine Zahl von {least:g} bis {most:g}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>The {member} in {path} is too large to be one. Get the file again.</source>
        <translation>{member} in {path} ist zu groß. Die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>There is no model “{name}”. Known are {known}; or choose a model file.</source>
        <translation>Es gibt kein Modell „{name}“. Bekannt sind {known}; oder eine Modelldatei wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>What the model&apos;s card tells of its training images is damaged. Get the model file again.</source>
        <translation>Was die Modellkarte über ihre Trainingsbilder sagt, ist beschädigt. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>What the model&apos;s card tells of its training images is of other bands. Get the model file again.</source>
        <translation>Was die Modellkarte über ihre Trainingsbilder sagt, gilt anderen Kanälen. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>What the model&apos;s card tells of the values inside the network is no range. Get the model file again.</source>
        <translation>Was die Modellkarte über die Werte im Netz sagt, ist kein Bereich. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{file} is a Keras model. Choose its ONNX file.</source>
        <translation>{file} ist ein Keras-Modell. Seine ONNX-Datei wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{file} takes patches of {patch} px only, its card says {card_patch} px.</source>
        <translation>{file} nimmt nur Kacheln von {patch} px, seine Karte sagt {card_patch} px.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{file} takes pixels as they are stored ({dtype}), but its card has {unused}, which must go.</source>
        <translation>{file} nimmt Pixel, wie sie gespeichert sind ({dtype}), aber seine Karte hat {unused}, was weg muss.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{file} takes {bands} bands as {dtype} and gives {meaning}, but nothing says what they mean.</source>
        <translation>{file} nimmt {bands} Kanäle als {dtype} und gibt {meaning}, aber nichts sagt, was sie bedeuten.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{file} takes {bands} bands as {dtype} and gives {meaning}, but nothing says what they mean. Add it to the list of models, where that is asked for.</source>
        <translation>{file} nimmt {bands} Kanäle als {dtype} und gibt {meaning}, aber nichts sagt, was sie bedeuten. Es in die Liste der Modelle aufnehmen, dort wird danach gefragt.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} cannot be run: {cause}. Choose a segmentation model.</source>
        <translation>{model} kann nicht ausgeführt werden: {cause}. Ein Segmentierungsmodell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} crashed when it was tried on a tiny patch, or needs more than {gib} GiB for it. Choose another model.</source>
        <translation>{model} ist beim Probieren an einer winzigen Kachel abgestürzt oder braucht dafür mehr als {gib} GiB. Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gave nothing for a tiny patch within {seconds} s: it may never end. Choose another model.</source>
        <translation>{model} gab für eine winzige Kachel in {seconds} s nichts: Es endet vielleicht nie. Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives class {number:g}, but its metadata name only {classes}, from 0 on.</source>
        <translation>{model} gibt Klasse {number:g}, aber seine Metadaten nennen nur {classes}, ab 0.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives no scores of classes: {reasons}. Choose a segmentation model.</source>
        <translation>{model} gibt keine Werte von Klassen: {reasons}. Ein Segmentierungsmodell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives numbers of classes, but nothing says how many there are. It needs a card with {missing}; see the manual.</source>
        <translation>{model} gibt Nummern von Klassen, aber nichts sagt, wie viele es sind. Es braucht eine Modellkarte mit {missing}; siehe Handbuch.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives scores of {classes} classes, but its metadata name {named}.</source>
        <translation>{model} gibt Werte für {classes} Klassen, aber seine Metadaten nennen {named}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives scores of {given} classes, its card names {named}.</source>
        <translation>{model} gibt Werte für {given} Klassen, seine Karte nennt {named}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} gives scores that are no numbers. Choose another model.</source>
        <translation>{model} gibt Werte, die keine Zahlen sind. Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} has no output “{output}”. Its outputs are {known}.</source>
        <translation>{model} hat keinen Ausgang „{output}“. Seine Ausgänge sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{model} has {count} outputs that could be the scores: {found}. It needs a card with {missing}; see the manual.</source>
        <translation>{model} hat {count} Ausgänge, die die Werte sein könnten: {found}. Es braucht eine Modellkarte mit {missing}; siehe Handbuch.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} gives scores of {given}. Get the model file again.</source>
        <translation>{name} gibt Werte der Form {given}. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} is a {kind} model{does}. Choose a segmentation model.</source>
        <translation>{name} ist ein Modell der Art {kind}{does}. Ein Segmentierungsmodell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} is the name of a shipped model.</source>
        <translation>{name} ist der Name eines mitgelieferten Modells.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} makes {count} maps at once ({maps}). It needs a card that names one of them; see the manual.</source>
        <translation>{name} macht {count} Karten auf einmal ({maps}). Es braucht eine Modellkarte, die eine davon nennt; siehe Handbuch.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} takes images of {rows} × {cols} × {bands}, its card says {wanted}. Get the model file again.</source>
        <translation>{name} nimmt Bilder von {rows} × {cols} × {bands}, seine Karte sagt {wanted}. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} takes something else than one image. Choose a segmentation model.</source>
        <translation>{name} nimmt etwas anderes als ein Bild. Ein Segmentierungsmodell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{name} takes {bands} bands, but {what} {wrong}. It needs a card that says it; see the manual.</source>
        <translation>{name} nimmt {bands} Kanäle, aber {what} {wrong}. Es braucht eine Modellkarte, die es sagt; siehe Handbuch.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} carries a card already.</source>
        <translation>{path} hat schon eine Karte.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} carries no card that says what its classes are. Add it with the button beside “Model”.</source>
        <translation>{path} hat keine Karte, die sagt, was seine Klassen sind. Es mit dem Knopf neben „Modell“ hinzufügen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} carries no card. Choose a model that was trained here.</source>
        <translation>{path} hat keine Karte. Ein Modell wählen, das hier trainiert wurde.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} claims weights that it does not hold. Get the file again.</source>
        <translation>{path} nennt Gewichte, die es nicht enthält. Die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} does not end in .onnx. Choose a name such as model.onnx.</source>
        <translation>{path} endet nicht auf .onnx. Einen Namen wie model.onnx wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} is no Keras model, or is damaged. Get the file again.</source>
        <translation>{path} ist kein Keras-Modell oder beschädigt. Die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} is no ONNX model, or is damaged. Get the file again.</source>
        <translation>{path} ist kein ONNX-Modell oder beschädigt. Die Datei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} keeps its weights in other files. Save the model as one single file.</source>
        <translation>{path} hält seine Gewichte in anderen Dateien. Das Modell als eine einzige Datei speichern.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} runs code of its own ({operators}). Choose another model.</source>
        <translation>{path} führt eigenen Code aus ({operators}). Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} unpacks to more than {gib} GiB. Choose a smaller model.</source>
        <translation>{path} ist ausgepackt größer als {gib} GiB. Ein kleineres Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{path} uses operators of foreign code ({operators}). Choose another model.</source>
        <translation>{path} benutzt Operatoren aus fremdem Code ({operators}). Ein anderes Modell wählen.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>{what}, {name}, holds {kind}. Use letters and digits that can be printed.</source>
        <translation>{what}, {name}, enthält {kind}. Druckbare Buchstaben und Ziffern verwenden.</translation>
    </message>
    <message>
        <location filename="../wording/models.py"/>
        <source>“{name}” is no name for a file.</source>
        <translation>„{name}“ ist kein Name für eine Datei.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>--bands are counted from 1, as in 1,2,3.</source>
        <translation>--bands werden ab 1 gezählt, wie in 1,2,3.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>--memory must be at least {least}.</source>
        <translation>--memory muss mindestens {least} sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>--min-distance has no meaning for a systematic sample: its grid has one distance.</source>
        <translation>--min-distance hat keinen Sinn für eine systematische Stichprobe: Ihr Gitter hat einen festen Abstand.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>The expected accuracy {value:g} of {name} is not between 0 and 1.</source>
        <translation>Die erwartete Genauigkeit {value:g} von {name} liegt nicht zwischen 0 und 1.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>The run was started with something that this version does not know: {message}</source>
        <translation>Der Lauf wurde mit etwas gestartet, das diese Version nicht kennt: {message}</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>The window of {value} px must be odd, and at most {most} px.</source>
        <translation>Das Fenster von {value} px muss ungerade sein und höchstens {most} px.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{low:g} to {high:g} in --range is empty: the low value comes first.</source>
        <translation>{low:g} bis {high:g} bei --range ist leer: Der niedrige Wert kommt zuerst.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{low:g} to {high:g} in --range is out of measure.</source>
        <translation>{low:g} bis {high:g} bei --range ist maßlos.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{minutes:g} in --minutes is no time to train for.</source>
        <translation>{minutes:g} bei --minutes ist keine Zeit zum Trainieren.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} cannot be used like that: {message}</source>
        <translation>{option} ist so nicht brauchbar: {message}</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} is missing.</source>
        <translation>{option} fehlt.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} takes a number, not “{value}”.</source>
        <translation>{option} nimmt eine Zahl, nicht „{value}“.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} takes numbers only.</source>
        <translation>{option} nimmt nur Zahlen.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} takes one of {known}, not “{value}”.</source>
        <translation>{option} nimmt eines von {known}, nicht „{value}“.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{option} takes {count} numbers, not {given}. Separate them by commas.</source>
        <translation>{option} nimmt {count} Zahlen, nicht {given}. Sie durch Kommas trennen.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in --check-share is not between 0 and 1.</source>
        <translation>{value:g} bei --check-share liegt nicht zwischen 0 und 1.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in --side must be a number of metres above 0.</source>
        <translation>{value:g} bei --side muss eine Zahl von Metern über 0 sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in --standard-error is not between 0 and 0.5.</source>
        <translation>{value:g} bei --standard-error liegt nicht zwischen 0 und 0,5.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in {option} is not between {low:.10g} and {high:.10g}.</source>
        <translation>{value:g} bei {option} liegt nicht zwischen {low:.10g} und {high:.10g}.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in {option} must be 0 or more.</source>
        <translation>{value:g} bei {option} muss 0 oder mehr sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value:g} in {option} must be more than 0.</source>
        <translation>{value:g} bei {option} muss mehr als 0 sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value} in --minimum must be at least 2: one point has no standard error.</source>
        <translation>{value} bei --minimum muss mindestens 2 sein: Ein Punkt hat keinen Standardfehler.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value} in --points must be at least 2.</source>
        <translation>{value} bei --points muss mindestens 2 sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value} in --seed must be a whole number from 0 up.</source>
        <translation>{value} bei --seed muss eine ganze Zahl ab 0 sein.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>{value} is no number of squares to look at.</source>
        <translation>{value} ist keine Anzahl von Quadraten zum Ansehen.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{order}” in --order is none of {known}.</source>
        <translation>„{order}“ bei --order ist nichts von {known}.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{part}” in --expected-accuracy is no share of a class. Write it as Building=0.7,Road=0.6.</source>
        <translation>„{part}“ bei --expected-accuracy ist kein Anteil einer Klasse. Ihn wie Building=0.7,Road=0.6 schreiben.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{text}” in --nodata is no number. Write the value that is no data, or none.</source>
        <translation>„{text}“ bei --nodata ist keine Zahl. Den Wert ohne Daten eintragen, oder none.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{text}” in {option} is no list of numbers. Separate them by commas.</source>
        <translation>„{text}“ bei {option} ist keine Liste von Zahlen. Sie durch Kommas trennen.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{text}” in {option} is no number of metres, and none of the words that are known there ({known}).</source>
        <translation>„{text}“ bei {option} ist keine Zahl von Metern und keines der Wörter, die dort gelten ({known}).</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{text}” is more memory than a computer can have.</source>
        <translation>„{text}“ ist mehr Arbeitsspeicher, als ein Rechner haben kann.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{text}” is no amount of memory. Write it as 1GiB or 800MB.</source>
        <translation>„{text}“ ist keine Menge Arbeitsspeicher. Sie als 1GiB oder 800MB schreiben.</translation>
    </message>
    <message>
        <location filename="../wording/options.py"/>
        <source>“{value}” in {option} is none of {known}.</source>
        <translation>„{value}“ bei {option} ist nichts von {known}.</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>An earlier run is continued: {done} of {blocks} blocks are done already.</source>
        <translation>Ein früherer Lauf wird fortgesetzt: {done} von {blocks} Blöcken sind schon fertig.</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>The NVIDIA graphics card of this computer is not used: the packages for it are not installed.</source>
        <translation>Die NVIDIA-Grafikkarte dieses Rechners wird nicht benutzt: Die Pakete dafür sind nicht installiert.</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>The ground is {ground}.</source>
        <translation>Das Gelände ist {ground}.</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>The run begins anew: it was lost what the finished parts of an earlier run were of, as in a power cut.</source>
        <translation>Der Lauf beginnt von vorn: Wovon die fertigen Teile eines früheren Laufs waren, ist verloren gegangen, wie bei einem Stromausfall.</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>about {share:.0%} of the image, along its edge, is {value:g} in all bands and is mapped: if that is a border without data, write {value:g} into --nodata</source>
        <translation>etwa {share:.0%} des Bildes haben am Rand in allen Kanälen den Wert {value:g} und werden kartiert: Ist das ein Rand ohne Daten, {value:g} bei --nodata eintragen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>about {time}, {memory} MiB of memory, at most {disk} MiB of disk for a raster</source>
        <translation>etwa {time}, {memory} MiB Arbeitsspeicher, höchstens {disk} MiB Platz je Raster</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>as chosen</source>
        <translation>wie gewählt</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>as in the maps that are there already</source>
        <translation>wie in den Karten, die schon da sind</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>as parts of one, by what the image holds</source>
        <translation>als Anteile von eins, nach dem Inhalt des Bildes</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>as the model knows them</source>
        <translation>wie das Modell sie kennt</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>bands {bands} are all {wanted}: the first of them was taken</source>
        <translation>die Kanäle {bands} sind alle {wanted}: der erste wurde genommen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>by their colours</source>
        <translation>nach ihren Farben</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>by their names</source>
        <translation>nach ihren Namen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>by their wavelengths</source>
        <translation>nach ihren Wellenlängen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>from {sampled} of {scenes} images; per-raster in --range stretches each by itself</source>
        <translation>aus {sampled} von {scenes} Bildern; per-raster bei --range streckt jedes für sich</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>in the order of the file</source>
        <translation>in der Reihenfolge der Datei</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>its own resolution</source>
        <translation>eigener Auflösung</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>like the model&apos;s training images ({unlike} of {windows} samples are not)</source>
        <translation>wie auf den Trainingsbildern des Modells ({unlike} von {windows} Stichproben nicht)</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>names, wavelengths and colours of band {band} contradict each other ({said}, {told}): the first was believed</source>
        <translation>Namen, Wellenlängen und Farben von Kanal {band} widersprechen sich ({said}, {told}): dem ersten wurde geglaubt</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>no coordinate system</source>
        <translation>kein Koordinatensystem</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>no coordinate system, so the resolution is unknown: a number of metres in --gsd takes the pixel size, {size:g}, as metres; areas are in pixels</source>
        <translation>kein Koordinatensystem, daher ist die Auflösung unbekannt: Eine Zahl von Metern bei --gsd nimmt die Pixelgröße {size:g} als Meter; Flächen in Pixeln</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>no coordinate system, so the resolution is unknown: say in --gsd how many metres a pixel has; areas are in pixels</source>
        <translation>kein Koordinatensystem, daher ist die Auflösung unbekannt: bei --gsd sagen, wie viele Meter ein Pixel hat; Flächen in Pixeln</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>no coordinate system: its pixel size, {size:g}, is taken as metres; areas are in pixels</source>
        <translation>kein Koordinatensystem: Die Pixelgröße {size:g} wird als Meter genommen; Flächen in Pixeln</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>no coordinate system: its pixels are as large as --gsd says; areas are in pixels</source>
        <translation>kein Koordinatensystem: Die Pixel sind so groß, wie --gsd sagt; Flächen in Pixeln</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>nobody says whether {scene}{more} has changed: an earlier run is continued as if it had not</source>
        <translation>niemand sagt, ob sich {scene}{more} geändert hat: Ein früherer Lauf wird fortgesetzt, als wäre es nicht so</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>nothing says whether the only band is {wanted}: it was taken</source>
        <translation>nichts sagt, ob der einzige Kanal {wanted} ist: er wurde genommen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>nothing says which of the {total} bands are {names}: {bands} were taken in the order of the file</source>
        <translation>nichts sagt, welche der {total} Kanäle {names} sind: {bands} wurden in der Reihenfolge der Datei genommen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>of 8 bits</source>
        <translation>von 8 Bit</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>of 8 bits, by what the image holds</source>
        <translation>von 8 Bit, nach dem Inhalt des Bildes</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>one for the folder, estimated from {count} of its images</source>
        <translation>ein Bereich für den Ordner, geschätzt aus {count} seiner Bilder</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>partly unlike the model&apos;s training images ({unlike} of {windows} samples); --unlike tells where, and there the map may be wrong</source>
        <translation>teilweise anders als auf den Trainingsbildern des Modells ({unlike} von {windows} Stichproben); --unlike zeigt wo, und dort kann die Karte falsch sein</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>resolution unknown</source>
        <translation>Auflösung unbekannt</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>squares of {side} px: {count}, which overlap by {overlap} px; each is looked at {times} ×</source>
        <translation>Quadrate von {side} px: {count}, die sich um {overlap} px überlappen; jedes wird {times} × angesehen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>stretched from 2 to 98 % of this image; “Range of values” says otherwise</source>
        <translation>gestreckt von 2 bis 98 % dieses Bildes; anders mit „Wertebereich“</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>the bands show {shown}, the model wants {wanted}: {bands} were taken in the order of the file</source>
        <translation>die Kanäle zeigen {shown}, das Modell braucht {wanted}: {bands} wurden in der Reihenfolge der Datei genommen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>the model does not name its bands: {bands} of {total} were taken in the order of the file</source>
        <translation>das Modell benennt seine Kanäle nicht: {bands} von {total} wurden in der Reihenfolge der Datei genommen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>the processor, {threads} threads</source>
        <translation>der Prozessor, {threads} Threads</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>unlike the model&apos;s training images ({unlike} of {windows} samples); the model does not know such ground, and the map may be wrong</source>
        <translation>anders als auf den Trainingsbildern des Modells ({unlike} von {windows} Stichproben); das Modell kennt solches Gelände nicht, die Karte kann falsch sein</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{across:.3g} × {down:.3g} m</source>
        <translation>{across:.3g} × {down:.3g} m</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{bands}, {reason}; values {range}</source>
        <translation>{bands}, {reason}; Werte {range}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{cols} × {rows} px, {gsd}</source>
        <translation>{cols} × {rows} px, {gsd}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{doubts}; --bands says otherwise</source>
        <translation>{doubts}; anders mit --bands</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{engine}</source>
        <translation>{engine}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{finest:.3g} to {coarsest:.3g} m</source>
        <translation>{finest:.3g} bis {coarsest:.3g} m</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{ground}</source>
        <translation>{ground}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{gsd:.3g} m</source>
        <translation>{gsd:.3g} m</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{gsd}, brought to {cols} × {rows} px: the model was made for {made}</source>
        <translation>{gsd}, umgerechnet auf {cols} × {rows} px: das Modell ist für {made} gemacht</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{hours:.1f} h</source>
        <translation>{hours:.1f} h</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{low:g} to {high:g} for all images of type {dtype}, {how}</source>
        <translation>{low:g} bis {high:g} für alle Bilder vom Typ {dtype}, {how}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{low:g} to {high:g}, {how}</source>
        <translation>{low:g} bis {high:g}, {how}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{model}: {classes}</source>
        <translation>{model}: {classes}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{names} were read as numbers of {sensor}</source>
        <translation>{names} wurden als Nummern von {sensor} gelesen</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{note}</source>
        <translation>{note}</translation>
    </message>
    <message>
        <location filename="../wording/plan.py"/>
        <source>{scene}: {cols} × {rows} px, {dtype}, {crs}, {gsd}</source>
        <translation>{scene}: {cols} × {rows} px, {dtype}, {crs}, {gsd}</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>0 is named {name} but is the no-data value: it gets no polygons. Write none into --nodata to make it a class.</source>
        <translation>0 heißt {name}, ist aber der NoData-Wert: Es bekommt keine Polygone. Bei --nodata none eintragen, damit es eine Klasse wird.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>0 is taken for a class, as {why}. Write 0 into --nodata to take it for no data.</source>
        <translation>0 gilt als Klasse, denn {why}. Bei --nodata 0 eintragen, damit es keine Daten bedeutet.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>0 is taken for no data, as {why}. Write none into --nodata to make it a class.</source>
        <translation>0 gilt als keine Daten, denn {why}. Bei --nodata none eintragen, damit es eine Klasse wird.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>A folder of polygons is one of GeoParquet files, which the name {path}/ does not say. Let it end in .parquet/.</source>
        <translation>Ein Ordner von Polygonen besteht aus GeoParquet-Dateien, was der Name {path}/ nicht sagt. Ihn auf .parquet/ enden lassen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>About {millions:,.0f} million polygons are to be expected, some {size:,.0f} GB. Merge small ones with --min-area.</source>
        <translation>Es sind etwa {millions:,.0f} Millionen Polygone zu erwarten, rund {size:,.0f} GB. Kleine mit --min-area zusammenlegen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>Area of the polygons against that of the pixels: {changes}.</source>
        <translation>Fläche der Polygone gegen die der Pixel: {changes}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>Checked: {certificate}.</source>
        <translation>Geprüft: {certificate}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>Files that end in {suffix} cannot be written here. Choose a GeoPackage (.gpkg).</source>
        <translation>Dateien auf {suffix} können hier nicht geschrieben werden. Ein GeoPackage (.gpkg) wählen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>GeoJSON has no name for the coordinate system of the class raster. Choose a GeoPackage (.gpkg).</source>
        <translation>GeoJSON hat keinen Namen für das Koordinatensystem des Klassenrasters. Ein GeoPackage (.gpkg) wählen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster goes beyond where its projection is defined: areas are those on the map. Clip it to have them on the ground.</source>
        <translation>Das Klassenraster reicht über das Gebiet hinaus, in dem seine Projektion gilt: Es sind Flächen auf der Karte. Es zuschneiden, um sie auf dem Boden zu bekommen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster has no class 0: there 0 is no data. Write none into --nodata to make it one.</source>
        <translation>Das Klassenraster hat keine Klasse 0: Dort bedeutet 0 keine Daten. Bei --nodata none eintragen, damit es eine wird.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster has no class “{name}”. Give numbers of classes, 1 to {last}.</source>
        <translation>Das Klassenraster hat keine Klasse „{name}“. Nummern von Klassen angeben, 1 bis {last}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster has no class “{name}”. It has {known}.</source>
        <translation>Das Klassenraster hat keine Klasse „{name}“. Es hat {known}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster has no coordinate system to measure in: areas are in pixels (area_px2).</source>
        <translation>Das Klassenraster hat kein Koordinatensystem zum Messen: Flächen in Pixeln (area_px2).</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The class raster {raster} is damaged at rows {first} to {last}: {error}. Make it again.</source>
        <translation>Das Klassenraster {raster} ist in den Zeilen {first} bis {last} beschädigt: {error}. Es neu machen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The confidence raster {raster} is damaged: {error}.</source>
        <translation>Das Konfidenzraster {raster} ist beschädigt: {error}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The polygons could not be written: {error}. Check the disk and the folder.</source>
        <translation>Die Polygone konnten nicht geschrieben werden: {error}. Datenträger und Ordner prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The polygons do not fit into a Shapefile, which ends at 2 GB. Choose a GeoPackage (.gpkg).</source>
        <translation>Die Polygone passen nicht in ein Shapefile, das bei 2 GB endet. Ein GeoPackage (.gpkg) wählen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>The polygons do not fit together, which is an error of this program: please report it.</source>
        <translation>Die Polygone passen nicht zusammen. Das ist ein Fehler dieses Programms: bitte melden.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>it has a colour ({colour}) and the raster declares no no-data value</source>
        <translation>es hat eine Farbe ({colour}), und das Raster nennt keinen NoData-Wert</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>it holds {value:g}, and classes are whole numbers</source>
        <translation>es enthält {value:g}, und Klassen sind ganze Zahlen</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>it holds {value}, and classes are smaller</source>
        <translation>es enthält {value}, und Klassen sind kleiner</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>it is named {name} and the raster declares no no-data value</source>
        <translation>es heißt {name}, und das Raster nennt keinen NoData-Wert</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>its first {rows:,} rows hold {count:,} values, from {least:,} to {most:,}</source>
        <translation>seine ersten {rows:,} Zeilen enthalten {count:,} Werte, von {least:,} bis {most:,}</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>the raster does not say what it is</source>
        <translation>das Raster sagt nicht, was es ist</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>the raster names other values but not 0</source>
        <translation>das Raster benennt andere Werte, aber nicht 0</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{count:,} regions below {area:g} {unit} went to a neighbour.</source>
        <translation>{count:,} Gebiete unter {area:g} {unit} gingen an einen Nachbarn.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{path} has no format that is known. Let the name end in {known}.</source>
        <translation>{path} hat kein bekanntes Format. Den Namen enden lassen auf {known}.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{path} is not the confidence raster of {classes}. Choose the one that was written beside it.</source>
        <translation>{path} ist nicht das Konfidenzraster von {classes}. Das wählen, das daneben geschrieben wurde.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{raster} is no class raster: a run has written it as confidence, distance or seams. Choose the class raster of that run.</source>
        <translation>{raster} ist kein Klassenraster: Ein Lauf hat ihn als Konfidenz, Abstand oder Nähte geschrieben. Den Klassenraster dieses Laufs wählen.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{raster} is no class raster: it has {count} band(s) of type {dtype}. Choose a raster with one band of whole numbers, such as aerialseg makes.</source>
        <translation>{raster} ist kein Klassenraster (Kanäle: {count}, Typ {dtype}). Ein Raster mit einem Kanal ganzer Zahlen wählen, wie aerialseg es macht.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{raster} is no class raster: {reason}. Sort its values into at most {most} classes first, for example with “Reclassify by table”.</source>
        <translation>{raster} ist kein Klassenraster: {reason}. Die Werte zuerst in höchstens {most} Klassen ordnen, etwa mit „Nach Tabelle umklassifizieren“.</translation>
    </message>
    <message>
        <location filename="../wording/polygons.py"/>
        <source>{squared:,} of {tried:,} outlines have right angles now.</source>
        <translation>{squared:,} von {tried:,} Umrissen haben jetzt rechte Winkel.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>A shape in {path} is damaged: {error}. Delete it, and draw it anew.</source>
        <translation>Eine Form in {path} ist beschädigt: {error}. Sie löschen und neu zeichnen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>Another program is writing to {path}. Try again when it has ended.</source>
        <translation>Ein anderes Programm schreibt gerade in {path}. Es noch einmal versuchen, wenn es fertig ist.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>No square of {map} has data. Choose a smaller --side.</source>
        <translation>Kein Quadrat von {map} hat Daten. Eine kleinere --side wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>No square of {review} to train on is reviewed. Correct the labels in some and accept them.</source>
        <translation>Kein Trainingsquadrat von {review} ist geprüft. In einigen die Beschriftungen korrigieren und sie annehmen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>No square of {width} × {height} px fits into {map}, which is {cols} × {rows} px. Choose a smaller --side.</source>
        <translation>Kein Quadrat von {width} × {height} px passt in {map} mit {cols} × {rows} px. Eine kleinere --side wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>Somebody has worked in {path}, so it is not replaced. Choose another name, or move it away.</source>
        <translation>In {path} hat jemand gearbeitet, darum wird es nicht ersetzt. Einen anderen Namen wählen, oder es wegräumen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>Square {square} of {path} has the role “{role}” and the state “{state}”. Roles are {roles}; states are {states}.</source>
        <translation>Quadrat {square} von {path} hat die Rolle „{role}“ und den Zustand „{state}“. Rollen sind {roles}; Zustände sind {states}.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>Squares are not ranked without a confidence raster. Choose one in --confidence.</source>
        <translation>Ohne Konfidenzraster werden keine Quadrate gereiht. Eines bei --confidence wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>The review has the class {name}, which the model does not know. It tells {known} apart; train a model of other classes with “Train model”.</source>
        <translation>Die Prüfung hat die Klasse {name}, die das Modell nicht kennt. Es unterscheidet {known}; ein Modell mit anderen Klassen mit „Modell trainieren“ machen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>The review {path} is no GeoPackage. Let its name end in .gpkg.</source>
        <translation>Die Prüfung {path} ist kein GeoPackage. Den Namen auf .gpkg enden lassen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>There is place for {count} squares only, as no two may touch: a smaller --side gives more.</source>
        <translation>Es ist nur Platz für {count} Quadrate, da sich keine zwei berühren dürfen: Eine kleinere --side gibt mehr.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{path} cannot be used as a review: {error}. Choose a file that “Suggest squares to correct” has made.</source>
        <translation>{path} ist als Prüfung nicht brauchbar: {error}. Eine Datei wählen, die „Quadrate zum Korrigieren vorschlagen“ gemacht hat.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{path} cannot be written to: {error}. See to the disk and the file.</source>
        <translation>In {path} kann nicht geschrieben werden: {error}. Nach dem Datenträger und der Datei sehen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{path} has a label of class {class_id}. Known are {known}.</source>
        <translation>{path} hat eine Beschriftung der Klasse {class_id}. Bekannt sind {known}.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{path} is no review, and is not replaced by one. Choose another name.</source>
        <translation>{path} ist keine Prüfung und wird nicht durch eine ersetzt. Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{raster} is another raster than {option} takes. Choose the one that the same run has written for it.</source>
        <translation>{raster} ist ein anderes Raster, als {option} es braucht. Das wählen, das derselbe Lauf dafür geschrieben hat.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{raster} is of another model than {classes}, or of one that was run otherwise. Choose the one of the same run in {option}.</source>
        <translation>{raster} ist von einem anderen Modell als {classes}, oder von einem, das anders lief. Das desselben Laufs bei {option} wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{review} does not tell which image it is of. Choose it in --scene.</source>
        <translation>{review} sagt nicht, von welchem Bild sie ist. Es bei --scene wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{scene} does not show {count} of the {squares} reviewed squares of {review}. Choose the image that the map was made of in --scene.</source>
        <translation>{scene} zeigt {count} der {squares} geprüften Quadrate von {review} nicht. Das Bild, aus dem die Karte gemacht wurde, bei --scene wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{scene} is in another coordinate system than the squares of {review}. Choose the image that the map was made of in --scene.</source>
        <translation>{scene} hat ein anderes Koordinatensystem als die Quadrate von {review}. Das Bild, aus dem die Karte gemacht wurde, bei --scene wählen.</translation>
    </message>
    <message>
        <location filename="../wording/review.py"/>
        <source>{side:g} in --side is {cols} × {rows} px of {map}. Choose a side between {least:.4g} and {most:.4g} {unit}.</source>
        <translation>{side:g} bei --side sind {cols} × {rows} px von {map}. Eine Seite zwischen {least:.4g} und {most:.4g} {unit} wählen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>A step takes {seconds:.2g} s, so only {steps} fit into {minutes:g} minutes: the model will learn little. Give it more minutes.</source>
        <translation>Ein Schritt dauert {seconds:.2g} s, also passen nur {steps} in {minutes:g} Minuten: Das Modell wird wenig lernen. Ihm mehr Minuten geben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>A step takes {seconds:.2g} s: about {steps} fit into {minutes:g} minutes.</source>
        <translation>Ein Schritt dauert {seconds:.2g} s: Etwa {steps} passen in {minutes:g} Minuten.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>An interrupted training of {model} is in {folder}. Tick --resume to continue it, or choose another name.</source>
        <translation>In {folder} ist ein unterbrochenes Training von {model}. --resume ankreuzen, um es fortzusetzen, oder einen anderen Namen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Cancelled before all parts were scored. Tick --resume to continue.</source>
        <translation>Abgebrochen, bevor alle Teile bewertet waren. --resume ankreuzen, um fortzusetzen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Cancelled before the first epoch ended. No model was written.</source>
        <translation>Vor dem Ende der ersten Epoche abgebrochen. Es wurde kein Modell geschrieben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Continues after epoch {epoch}{planned}.</source>
        <translation>Setzt nach Epoche {epoch}{planned} fort.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Epoch {epoch}: loss {loss:.4f}, {minutes:.1f} min</source>
        <translation>Epoche {epoch}: Verlust {loss:.4f}, {minutes:.1f} min</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Epoch {epoch}: loss {loss:.4f}; on held-out places mean IoU {miou:.3f} ({labelled:.3f} without Unlabeled), accuracy {accuracy:.3f}; {minutes:.1f} min</source>
        <translation>Epoche {epoch}: Verlust {loss:.4f}; an zurückgehaltenen Stellen mittlere IoU {miou:.3f} ({labelled:.3f} ohne Unbestimmt), Genauigkeit {accuracy:.3f}; {minutes:.1f} min</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Epoch {epoch}: loss {loss:.4f}; on held-out places mean IoU {miou:.3f} ({labelled:.3f} without Unlabeled), accuracy {accuracy:.3f}; {minutes:.1f} min; the best so far</source>
        <translation>Epoche {epoch}: Verlust {loss:.4f}; an zurückgehaltenen Stellen mittlere IoU {miou:.3f} ({labelled:.3f} ohne Unbestimmt), Genauigkeit {accuracy:.3f}; {minutes:.1f} min; bisher die beste</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Everything would be held out, so nothing is left to train on. Give more images.</source>
        <translation>Alles würde zurückgehalten, nichts bliebe zum Trainieren. Mehr Bilder geben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>It learns from the labels and from {count} networks, each where it has not trained.</source>
        <translation>Es lernt aus den Beschriftungen und von {count} Netzen, von jedem dort, wo es nicht trainiert hat.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Learns from {count} squares, beside {replay}.</source>
        <translation>Lernt aus {count} Quadraten, neben {replay}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Logs cannot be written to {folder}: {reason}.</source>
        <translation>Protokolle können nicht nach {folder} geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Mean IoU {random:.3f} on patches held out at random, {honest:.3f} on whole groups held out: {explained}.</source>
        <translation>Mittlere IoU {random:.3f} auf zufällig zurückgehaltenen Kacheln, {honest:.3f} auf ganzen zurückgehaltenen Gruppen: {explained}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Neither trained on nor held out: {images}.</source>
        <translation>Weder zum Trainieren noch zurückgehalten: {images}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>No layer of {path} fits this network. Choose another recipe, or start from another model.</source>
        <translation>Keine Schicht von {path} passt zu diesem Netz. Ein anderes Rezept wählen, oder mit einem anderen Modell beginnen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>No pixel is labelled {name}: the model will not know it. Draw some.</source>
        <translation>Kein Pixel ist als {name} beschriftet: Das Modell wird es nicht kennen. Welche zeichnen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Starts from {model}: {fitting} of {layers} layers fit, {known} of {classes} classes are known to it.</source>
        <translation>Beginnt mit {model}: {fitting} von {layers} Schichten passen, {known} von {classes} Klassen kennt es.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Stopped; the best epoch so far, {epoch}, is kept.</source>
        <translation>Angehalten; die bisher beste Epoche, {epoch}, bleibt.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The classes of {data} are {data_classes}, those of the model are {model_classes}. Choose the data that it was trained on, or leave --data empty.</source>
        <translation>Die Klassen von {data} sind {data_classes}, die des Modells {model_classes}. Die Daten wählen, mit denen es trainiert wurde, oder --data leer lassen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The data are one patch of {cut} px, so none can be held out at random. Give more or larger images.</source>
        <translation>Die Daten sind eine Kachel von {cut} px, also kann keine zufällig zurückgehalten werden. Mehr oder größere Bilder geben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The data cannot be split into parts of whole images, which this recipe needs. Give more images, or choose another recipe.</source>
        <translation>Die Daten lassen sich nicht in Teile aus ganzen Bildern teilen, was dieses Rezept braucht. Mehr Bilder geben, oder ein anderes Rezept wählen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The finished model differs by {difference:.2g} from the trained network. Please report it.</source>
        <translation>Das fertige Modell weicht um {difference:.2g} vom trainierten Netz ab. Bitte melden.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The folder for the report, {target}, is also the folder of the data. Choose another one.</source>
        <translation>Der Ordner für den Bericht, {target}, ist auch der Ordner der Daten. Einen anderen wählen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The folders to hold out, {wanted}, are not in the data. Correct [split] holdout in the recipe file.</source>
        <translation>Die zurückzuhaltenden Ordner {wanted} sind nicht in den Daten. [split] holdout in der Rezeptdatei berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The image to exclude, {image}, is not in the data. Correct [split] exclude in the recipe file.</source>
        <translation>Das auszuschließende Bild {image} ist nicht in den Daten. [split] exclude in der Rezeptdatei berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The interrupted training is of another network. Untick --resume to start anew.</source>
        <translation>Das unterbrochene Training ist von einem anderen Netz. --resume abwählen, um neu zu beginnen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The interrupted training was of other data or another recipe. Untick --resume to start anew.</source>
        <translation>Das unterbrochene Training hatte andere Daten oder ein anderes Rezept. --resume abwählen, um neu zu beginnen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The labelled ground is too small to hold out a part with {buffer} px between it and the rest. Draw more training polygons.</source>
        <translation>Das beschriftete Gebiet ist zu klein, um einen Teil mit {buffer} px Abstand zum Rest zurückzuhalten. Mehr Trainingspolygone zeichnen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The last {share:.0%} of the run: batches of {batch} × {side} px{losses}.</source>
        <translation>Die letzten {share:.0%} des Laufs: Stapel von {batch} × {side} px{losses}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The list of weights in {model} is damaged. Get the model file again.</source>
        <translation>Die Liste der Gewichte in {model} ist beschädigt. Die Modelldatei neu beschaffen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The model could not be written as ONNX: {reason}. Set the environment for training up again (Settings → Options → aerialseg).</source>
        <translation>Das Modell konnte nicht als ONNX geschrieben werden: {reason}. Die Umgebung zum Trainieren neu einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The model tells {known} apart and does not know {unknown} of the data. Choose data with its classes, or train a model on these.</source>
        <translation>Das Modell unterscheidet {known} und kennt {unknown} der Daten nicht. Daten mit seinen Klassen wählen, oder mit diesen ein Modell trainieren.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The parts are scored; now one network is trained on everything, for {length}.</source>
        <translation>Die Teile sind bewertet; jetzt wird ein Netz mit allem trainiert, für {length}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The patches cannot be written to {path}: {error}. Check the disk.</source>
        <translation>Die Kacheln können nicht nach {path} geschrieben werden: {error}. Den Datenträger prüfen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The patches need {size:.1f} GB of disk beside the model, {free:.1f} GB are free. Free some space, or write the model to another disk.</source>
        <translation>Die Kacheln brauchen {size:.1f} GB neben dem Modell, frei sind {free:.1f} GB. Platz schaffen, oder das Modell auf einen anderen Datenträger schreiben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The recipe is wrong: [split] {rule}. Correct the recipe file.</source>
        <translation>Das Rezept ist falsch: [split] {rule}. Die Rezeptdatei berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The recipe is wrong: {rule}. Correct the recipe file.</source>
        <translation>Das Rezept ist falsch: {rule}. Die Rezeptdatei berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The same ground in shifted, rotated or rescaled images is not looked for: a package for it (opencv-python-headless) is not installed.</source>
        <translation>Dasselbe Gelände in verschobenen, gedrehten oder skalierten Bildern wird nicht gesucht: Ein Paket dafür (opencv-python-headless) ist nicht installiert.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The training went astray at step {step}: its loss is no number any more. See that the images hold no absurd values.</source>
        <translation>Das Training ist bei Schritt {step} entgleist: Der Verlust ist keine Zahl mehr. Prüfen, dass die Bilder keine unsinnigen Werte enthalten.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>The training went astray: {weights} are no numbers any more. See that the images hold no absurd values.</source>
        <translation>Das Training ist entgleist: {weights} sind keine Zahlen mehr. Prüfen, dass die Bilder keine unsinnigen Werte enthalten.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>There is no recipe {path}. Choose one of {known}, or a recipe file.</source>
        <translation>Es gibt kein Rezept {path}. Eines von {known} wählen, oder eine Rezeptdatei.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Training needs {package}, which is not installed. Set the environment for training up (Settings → Options → aerialseg).</source>
        <translation>Training braucht {package}, das nicht installiert ist. Die Umgebung zum Trainieren einrichten (Einstellungen → Optionen → aerialseg).</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>Values: {range}.</source>
        <translation>Werte: {range}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>What is held out is chosen at random: first a network is trained with whole groups held out, for an honest score.</source>
        <translation>Zurückgehalten wird zufällig: Zuerst wird ein Netz mit ganzen zurückgehaltenen Gruppen trainiert, für eine ehrliche Bewertung.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>What was kept in {folder} is damaged: the training begins anew.</source>
        <translation>Was in {folder} lag, ist beschädigt: Das Training beginnt neu.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{count} parts of {data}</source>
        <translation>{count} Teilen von {data}</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{images} images to train on, nothing held out: the model is not scored.</source>
        <translation>{images} Bilder zum Trainieren, nichts zurückgehalten: Das Modell wird nicht bewertet.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{images} images to train on, {name} held out ({held} images).</source>
        <translation>{images} Bilder zum Trainieren, {name} zurückgehalten ({held} Bilder).</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{image} has {gsd:.2g} m per pixel, which cannot be true: its coordinate system or its pixel size is wrong. Correct it with “Assign projection”.</source>
        <translation>{image} hat {gsd:.2g} m je Pixel, was nicht stimmen kann: Koordinatensystem oder Pixelgröße sind falsch. Es mit „Projektion zuweisen“ berichtigen.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{image} is too small to be held out without {buffer} px along its borders. Give a larger image.</source>
        <translation>{image} ist zu klein, um ohne {buffer} px an seinen Rändern zurückgehalten zu werden. Ein größeres Bild geben.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{image}{others}: bands {bands}, {reason}.</source>
        <translation>{image}{others}: Kanäle {bands}, {reason}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{image}{others}: bands {bands}, {reason}; {doubts}.</source>
        <translation>{image}{others}: Kanäle {bands}, {reason}; {doubts}.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{model} cannot be loaded: {cause}. Choose a model that was trained here.</source>
        <translation>{model} kann nicht geladen werden: {cause}. Ein Modell wählen, das hier trainiert wurde.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{model} does not tell which network it is, so it cannot be trained further. Choose a model that was trained here.</source>
        <translation>{model} sagt nicht, welches Netz es ist, also kann es nicht weiter trainiert werden. Ein Modell wählen, das hier trainiert wurde.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{model} does not tell which weights are those of which layer, so it cannot be trained further. Choose a model that was trained here.</source>
        <translation>{model} sagt nicht, welche Gewichte zu welcher Schicht gehören, also kann es nicht weiter trainiert werden. Ein Modell wählen, das hier trainiert wurde.</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{pixels:,} pixels of the rest of the image, as the old model sees them</source>
        <translation>{pixels:,} Pixeln vom Rest des Bildes, wie das alte Modell sie sieht</translation>
    </message>
    <message>
        <location filename="../wording/training.py"/>
        <source>{pixels:,} pixels of {files} label files have a colour or a number that is no class; they are ignored.</source>
        <translation>{pixels:,} Pixel in {files} Beschriftungsdateien haben eine Farbe oder Nummer, die keine Klasse ist; sie werden übergangen.</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source> (“{}” is in the algorithm of Processing&apos;s toolbox.)</source>
        <translation> („{}“ gibt es im Algorithmus in der Werkzeugkiste der Verarbeitung.)</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Asking the networks</source>
        <translation>Netze befragen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Building</source>
        <translation>Gebäude</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai.</source>
        <translation>Gebäude, Boden, Straßen, Vegetation und Wasser in RGB-Bildern von etwa 1 m je Pixel, trainiert an Dubai.</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Checking</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Checking images and labels</source>
        <translation>Bilder und Beschriftungen prüfen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Comparing</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Comparing images</source>
        <translation>Bilder vergleichen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Comparing labels</source>
        <translation>Beschriftungen vergleichen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Computed by</source>
        <translation>Rechenkern</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Counting classes</source>
        <translation>Klassen zählen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Counting labels</source>
        <translation>Beschriftungen zählen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Cutting into sheets</source>
        <translation>In Blätter schneiden</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Cutting out squares</source>
        <translation>Quadrate ausschneiden</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Cutting patches</source>
        <translation>Kacheln schneiden</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Drawing pictures</source>
        <translation>Bilder zeichnen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Drawing points</source>
        <translation>Punkte ziehen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Evaluating</source>
        <translation>Bewerten</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Land</source>
        <translation>Boden</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Looking at images</source>
        <translation>Bilder ansehen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Looking at values</source>
        <translation>Werte ansehen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Looking for the same ground</source>
        <translation>Dasselbe Gelände suchen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Measuring zones</source>
        <translation>Zonen messen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Merging small regions</source>
        <translation>Kleine Gebiete zusammenlegen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Needs</source>
        <translation>Bedarf</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Polygons of the squares</source>
        <translation>Polygone der Quadrate</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Ranking squares</source>
        <translation>Quadrate reihen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Read at</source>
        <translation>Gelesen mit</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Reading images</source>
        <translation>Bilder lesen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Road</source>
        <translation>Straße</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Segmenting</source>
        <translation>Segmentieren</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Squaring outlines</source>
        <translation>Umrisse rechtwinklig machen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Unlabeled</source>
        <translation>Unbestimmt</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Values</source>
        <translation>Werte</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Vegetation</source>
        <translation>Vegetation</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Water</source>
        <translation>Wasser</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>epochs</source>
        <translation>Epochen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>features</source>
        <translation>Merkmale</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>grey</source>
        <translation>Grau</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>near infrared</source>
        <translation>nahes Infrarot</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>overlaps</source>
        <translation>Überlappungen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>polygons</source>
        <translation>Polygone</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>rows</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>rows of squares</source>
        <translation>Reihen von Quadraten</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>sheets</source>
        <translation>Blätter</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>squares</source>
        <translation>Quadrate</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <location filename="../wording/words.py"/>
        <source>“{}”</source>
        <translation>„{}“</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>Core and plugin are of different versions. Install the plugin again.</source>
        <translation>Kern und Erweiterung sind verschiedene Versionen. Die Erweiterung neu installieren.</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>The run crashed ({name}). Start it again; if it crashes again, report what Diagnose says.</source>
        <translation>Der Lauf ist abgestürzt ({name}). Ihn neu starten; stürzt er wieder ab, melden, was die Diagnose sagt.</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>The run ended ({code}) and did not say why. See the log, or run Diagnose.</source>
        <translation>Der Lauf endete ({code}) und sagte nicht, warum. Ins Protokoll sehen, oder die Diagnose ausführen.</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>The run was ended from outside. Start it again.</source>
        <translation>Der Lauf wurde von außen beendet. Ihn neu starten.</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>The run was killed; most often the system does that when memory runs out. Close other programs, or allow less in --memory.</source>
        <translation>Der Lauf wurde abgebrochen; meist tut das System das, wenn der Arbeitsspeicher ausgeht. Andere Programme schließen, oder bei --memory weniger erlauben.</translation>
    </message>
    <message>
        <location filename="../wording/workers.py"/>
        <source>{program} cannot be started: {reason}.</source>
        <translation>{program} kann nicht gestartet werden: {reason}.</translation>
    </message>
</context>
</TS>
