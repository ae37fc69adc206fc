import Commands
// Stops on processors that cannot run this program, before anything else runs.
import ProcessorCheck

CommandLineTool.main()
