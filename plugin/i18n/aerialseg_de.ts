<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>aerialseg</name>
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
        <source>It failed; the log says more.</source>
        <translation>Fehlgeschlagen; mehr steht im Protokoll.</translation>
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
        <location filename="../gui/form_map.py"/>
        <source>Balanced – takes about five times as long</source>
        <translation>Ausgewogen – dauert etwa fünfmal so lange</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <source>Best – takes about twenty-five times as long</source>
        <translation>Am besten – dauert etwa fünfundzwanzigmal so lange</translation>
    </message>
    <message>
        <location filename="../gui/form_map.py"/>
        <location filename="../gui/page_areas.py"/>
        <location filename="../gui/wdg_run_progress.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
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
        <translation>Wert für „keine Daten“ und Kanäle des Layers</translation>
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
        <location filename="../gui/model_check.py"/>
        <source>aerialseg: trying a model</source>
        <translation>aerialseg: Modell wird ausprobiert</translation>
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
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_model.py"/>
        <source>Models (*.onnx)</source>
        <translation>Modelle (*.onnx)</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <source>Offer a model file in the dialogs</source>
        <translation>Eine Modelldatei in den Dialogen anbieten</translation>
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
        <source>Take the selected models out of the list; their files stay</source>
        <translation>Die gewählten Modelle aus der Liste nehmen; ihre Dateien bleiben</translation>
    </message>
    <message>
        <location filename="../gui/opt_environment.py"/>
        <location filename="../gui/wdg_setup.py"/>
        <source>The environment is being set up; that takes some minutes.</source>
        <translation>Die Umgebung wird eingerichtet; das dauert einige Minuten.</translation>
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
        <location filename="../processing/base.py"/>
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording.py"/>
        <source>Areas</source>
        <translation>Gebiete</translation>
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
        <location filename="../gui/wdg_plan.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <location filename="../gui/page_areas.py"/>
        <source>Label the points</source>
        <translation>Punkte beschriften</translation>
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
        <location filename="../gui/wdg_plan.py"/>
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
        <source>Zoom to what was found, and tick it in the layer tree.</source>
        <translation>Auf das Gefundene zoomen und es im Layerbaum einschalten.</translation>
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
        <source>This is what the model finds here.</source>
        <translation>Das findet das Modell hier.</translation>
    </message>
    <message>
        <location filename="../gui/preview.py"/>
        <source>{} has no file of its own. Save a part of it as a GeoTIFF to see previews.</source>
        <translation>{} hat keine eigene Datei. Speichern Sie einen Teil als GeoTIFF, um eine Vorschau zu sehen.</translation>
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
        <location filename="../gui/runs.py"/>
        <source>The result {} cannot be loaded.</source>
        <translation>Das Ergebnis {} kann nicht geladen werden.</translation>
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
        <location filename="../gui/wdg_model.py"/>
        <location filename="../gui/wdg_plan.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
        <location filename="../wording.py"/>
        <source>Model</source>
        <translation>Modell</translation>
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
        <location filename="../gui/wdg_model.py"/>
        <source>Add a model</source>
        <translation>Modell hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Add a model file</source>
        <translation>Modelldatei hinzufügen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Add the file of a model to the list</source>
        <translation>Die Datei eines Modells in die Liste aufnehmen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Band that shows {}</source>
        <translation>Kanal, der {} zeigt</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>Classes: {}</source>
        <translation>Klassen: {}</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording.py"/>
        <source>No-data value</source>
        <translation>Wert für „keine Daten“</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>The no-data value {} is no number. Give one such as 0, or leave it empty.</source>
        <translation>Der Wert für „keine Daten“ {} ist keine Zahl. Geben Sie eine wie 0 an, oder lassen Sie das Feld leer.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>There is no model. Add the file of one with the button on the right.</source>
        <translation>Es gibt kein Modell. Fügen Sie mit der Schaltfläche rechts die Datei eines Modells hinzu.</translation>
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
        <location filename="../gui/wdg_model.py"/>
        <source>{} is no model of aerialseg.</source>
        <translation>{} ist kein Modell von aerialseg.</translation>
    </message>
    <message>
        <location filename="../gui/wdg_model.py"/>
        <source>{} to {} m per pixel</source>
        <translation>{} bis {} m je Pixel</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source> m</source>
        <translation> m</translation>
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
        <location filename="../processing/classpolygons.py"/>
        <location filename="../processing/segmentfolder.py"/>
        <location filename="../processing/segmentraster.py"/>
        <source>Class polygons</source>
        <translation>Klassenpolygone</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording.py"/>
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
        <location filename="../processing/parameters.py"/>
        <source>Names or ids of the classes whose outlines get right angles where there is room for them, as those of buildings; empty for none. Example: Building</source>
        <translation>Namen oder Nummern der Klassen, deren Umrisse rechte Winkel bekommen, wo Platz dafür ist, wie bei Gebäuden; leer für keine. Beispiel: Building</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Own numbers</source>
        <translation>Eigene Zahlen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Right angles for</source>
        <translation>Rechte Winkel für</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>Save the class raster as</source>
        <translation>Klassenraster speichern als</translation>
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
        <location filename="../wording.py"/>
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
        <source>any size</source>
        <translation>jede Größe</translation>
    </message>
    <message>
        <location filename="../gui/wdg_outputs.py"/>
        <source>no class</source>
        <translation>keine Klasse</translation>
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
        <source>Bands</source>
        <translation>Kanäle</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Computed by</source>
        <translation>Rechenkern</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Ground</source>
        <translation>Gelände</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Looking at the layer …</source>
        <translation>Der Layer wird untersucht …</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Needs</source>
        <translation>Bedarf</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Read at</source>
        <translation>Gelesen mit</translation>
    </message>
    <message>
        <location filename="../gui/wdg_plan.py"/>
        <source>Windows</source>
        <translation>Fenster</translation>
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
        <location filename="../processing/retrainmodel.py"/>
        <location filename="../processing/trainmodel.py"/>
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
        <source>Those to check with tell whether the new model is better: {} are open.</source>
        <translation>Die Kontrollquadrate sagen, ob das neue Modell besser ist: {} sind offen.</translation>
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
        <source>to check with</source>
        <translation>zur Kontrolle</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>to train on</source>
        <translation>zum Trainieren</translation>
    </message>
    <message>
        <location filename="../gui/wdg_squares.py"/>
        <source>{} of {} looked at</source>
        <translation>{} von {} angesehen</translation>
    </message>
    <message>
        <location filename="../gui/wdg_training_layer.py"/>
        <location filename="../processing/classpolygons.py"/>
        <source>Classes</source>
        <translation>Klassen</translation>
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
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
        <source>Range of values</source>
        <translation>Wertebereich</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording.py"/>
        <source>Resolution to read at</source>
        <translation>Bodenauflösung beim Lesen</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../wording.py"/>
        <source>Resolution to write</source>
        <translation>Bodenauflösung beim Schreiben</translation>
    </message>
    <message>
        <location filename="../processing/parameters.py"/>
        <location filename="../processing/suggestsquares.py"/>
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
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
        <location filename="../training_data.py"/>
        <source>none</source>
        <translation>keine</translation>
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
        <source>How many points there are; 0 for as many as the standard error needs. Example: 150</source>
        <translation>Wie viele Punkte es werden; 0 für so viele, wie der Standardfehler verlangt. Beispiel: 150</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording.py"/>
        <source>Least distance (m)</source>
        <translation>Kleinster Abstand (m)</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <location filename="../processing/samplepoints.py"/>
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
        <source>stratified: at random in each class, so that rare classes get enough points. simple: at random from everything. systematic: a grid that begins at random. Example: stratified</source>
        <translation>stratified: zufällig in jeder Klasse, damit seltene Klassen genug Punkte bekommen. simple: zufällig aus allem. systematic: ein Gitter, das zufällig beginnt. Beispiel: stratified</translation>
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
        <location filename="../processing/segmentraster.py"/>
        <location filename="../wording.py"/>
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
        <location filename="../wording.py"/>
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
        <source>{} – classes</source>
        <translation>{} – Klassen</translation>
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
        <source>Share to check with</source>
        <translation>Anteil der Kontrollquadrate</translation>
    </message>
    <message>
        <location filename="../processing/suggestsquares.py"/>
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
        <source>{} squares, {} of them to check with, {} polygons</source>
        <translation>{} Quadrate, davon {} zur Kontrolle, {} Polygone</translation>
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
        <source>Nothing of {} was held out: draw it in more than one place.</source>
        <translation>Von {} wurde nichts zurückgehalten: Zeichnen Sie es an mehr als einer Stelle.</translation>
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
        <location filename="../processing/trainmodel.py"/>
        <source>{} {}: draw more of it, in several places.</source>
        <translation>{} {}: Zeichnen Sie mehr davon, an mehreren Stellen.</translation>
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
        <location filename="../review/review_file.py"/>
        <source>{} cannot be used as a review: {}. Choose a file of “Suggest squares to correct”.</source>
        <translation>{} ist nicht als Prüfung zu gebrauchen: {}. Wählen Sie eine Datei von „Quadrate zum Korrigieren vorschlagen“.</translation>
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
        <location filename="../vectors.py"/>
        <source>The polygons cannot be copied: {}</source>
        <translation>Die Polygone können nicht kopiert werden: {}</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Building</source>
        <translation>Gebäude</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Buildings, land, roads, vegetation and water in RGB images of about 1 m/px, trained on Dubai.</source>
        <translation>Gebäude, Boden, Straßen, Vegetation und Wasser in RGB-Bildern von etwa 1 m je Pixel, trainiert an Dubai.</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Land</source>
        <translation>Boden</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Road</source>
        <translation>Straße</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Unlabeled</source>
        <translation>Unbestimmt</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Vegetation</source>
        <translation>Vegetation</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>Water</source>
        <translation>Wasser</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>about {time}, {memory} MiB of memory, at most {disk} MiB of disk for a raster</source>
        <translation>etwa {time}, {memory} MiB Arbeitsspeicher, höchstens {disk} MiB auf dem Datenträger für ein Raster</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>its own resolution</source>
        <translation>in seiner eigenen Auflösung</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>the processor, {threads} threads</source>
        <translation>dem Prozessor, {threads} Threads</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>{count} squares of {side} px that overlap by {overlap} px; each is looked at {times} ×</source>
        <translation>{count} Quadrate von {side} px, die sich um {overlap} px überlappen; jedes wird {times} × angesehen</translation>
    </message>
    <message>
        <location filename="../wording.py"/>
        <source>{gsd}, brought to {cols} × {rows} px: the model was made for {made}</source>
        <translation>{gsd}, auf {cols} × {rows} px gebracht: das Modell ist für {made} gemacht</translation>
    </message>
</context>
</TS>
