using System.CommandLine;

namespace ClosedLoop.Cli.Completing;

/// <summary><c>closedloop completion SHELL</c>.</summary>
internal static class CompletionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var shell = new Argument<string>("SHELL") { Description = $"The shell: {string.Join(", ", CompletionScripts.All.Keys)}." };
        shell.AcceptOnlyFromAmong([.. CompletionScripts.All.Keys]);
        var command = new Command("completion", "Prints the script that completes commands, options, gates and items' ids in a shell; its first line says how to install it.") { shell };
        command.SetAction(parsed => environment.Output.WriteLine(CompletionScripts.All[parsed.GetRequiredValue(shell)]));
        return command;
    }
}
