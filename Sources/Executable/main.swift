import Commands
// Refuses processors that nothing here could run on, before anything runs.
import ProcessorCheck

CommandLineTool.main()
