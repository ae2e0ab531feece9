using System.CommandLine;
using System.CommandLine.Invocation;

namespace ClosedLoop.Cli.Helping;

/// <summary>Shows the help of the command that was asked about.</summary>
internal sealed class ShowHelp(CliEnvironment environment) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        environment.Output.Write(HelpText.Of(parseResult.CommandResult.Command, environment.Width));
        return ExitCodes.Done;
    }
}
