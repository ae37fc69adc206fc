import Commands
// Stops on processors that cannot run this program, before anything else runs.
import ProcessorCheck
import Server

CommandLineTool.main(serving: ServerProgram.run)
