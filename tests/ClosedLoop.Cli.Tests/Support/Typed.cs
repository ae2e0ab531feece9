using System.Text.Json;

namespace ClosedLoop.Cli.Tests.Support;

/// <summary>What came of a command line as it is typed.</summary>
internal sealed record Typed(int Code, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public override string ToString() => $"{Code}\n{Output}\n{Error}";

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Types a line in a folder, with the variables that are given and no others.</summary>
    public static async Task<Typed> LineAsync(TimeProvider time, string folder, IReadOnlyDictionary<string, string>? variables, params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ClosedLoopCommand.RunAsync(line, new CliEnvironment { Input = Stream.Null, Output = output, Error = error, Time = time, Folder = folder, Variable = name => variables?.GetValueOrDefault(name) });
        return new Typed(code, output.ToString(), error.ToString());
    }
}
