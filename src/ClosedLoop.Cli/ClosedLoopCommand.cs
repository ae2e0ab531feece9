using System.CommandLine;
using ClosedLoop.Cli.Explaining;

namespace ClosedLoop.Cli;

/// <summary>The command line: parses it and runs what it names.</summary>
internal static class ClosedLoopCommand
{
    /// <summary>The exit code for a wrong argument or an unreadable file.</summary>
    public const int Misused = 2;

    public static async Task<int> RunAsync(string[] args, Stream input, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("ClosedLoop: what is really true of a change.") { ExplainCommand.Create(input, output, error) };
        var parsed = root.Parse(args);
        int code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error }).ConfigureAwait(false);
        return parsed.Errors.Count > 0 ? Misused : code;
    }
}
