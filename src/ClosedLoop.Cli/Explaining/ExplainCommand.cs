using System.CommandLine;

namespace ClosedLoop.Cli.Explaining;

/// <summary><c>closedloop explain ADAPTER [--event NAME] FILE</c>.</summary>
internal static class ExplainCommand
{
    /// <summary>The largest file that is read: 64 MB.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const string Description = """
        Shows what ClosedLoop makes of a payload, a polled object or a list of objects, offline and without configuration.

        Several documents in one file are taken one after the other; YAML is taken as kubectl writes it.

        One JSON line for each fact or ignored part, and a last line with the verdict: passed, failed, running or none.
        Nothing is sent anywhere and no signature is checked.
        """;

    public static Command Create(Stream input, TextWriter output, TextWriter error)
    {
        var adapter = new Argument<string>("ADAPTER") { Description = $"Whose payload it is: {string.Join(", ", Explainers.All.Keys)}." };
        adapter.AcceptOnlyFromAmong([.. Explainers.All.Keys]);
        var file = new Argument<string>("FILE") { Description = "The file; - is standard input." };
        var @event = new Option<string?>("--event") { Description = "The name of the event, where the payload does not say it (GitHub's X-GitHub-Event, for example pull_request; rollup for a statusCheckRollup)." };
        var command = new Command("explain", Description) { adapter, file, @event };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            byte[]? bytes = await ReadAsync(parsed.GetRequiredValue(file), input, error, cancellationToken).ConfigureAwait(false);
            if (bytes is null) return ClosedLoopCommand.Misused;
            var explanation = Explainers.Explain(parsed.GetRequiredValue(adapter), bytes, parsed.GetValue(@event));
            foreach (string line in ExplanationLines.Of(explanation)) await output.WriteLineAsync(line).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static async Task<byte[]?> ReadAsync(string name, Stream input, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var stream = name == "-" ? input : File.OpenRead(name);
            await using (stream.ConfigureAwait(false))
            {
                using var read = new MemoryStream();
                byte[] buffer = new byte[64 * 1024];
                while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
                {
                    read.Write(buffer, 0, count);
                    if (read.Length <= MaxBytes) continue;
                    await error.WriteLineAsync($"{name} is larger than {MaxBytes / (1024 * 1024)} MB; give it one payload at a time.").ConfigureAwait(false);
                    return null;
                }
                return read.ToArray();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"{name} cannot be read: {e.Message}").ConfigureAwait(false);
            return null;
        }
    }
}
