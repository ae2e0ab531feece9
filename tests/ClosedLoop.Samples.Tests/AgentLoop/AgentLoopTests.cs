using System.Diagnostics;
using ClosedLoop.Samples.Tests.Docs;

namespace ClosedLoop.Samples.Tests.AgentLoop;

public sealed class AgentLoopTests
{
    [Fact]
    public async Task The_agent_says_done_in_every_round_and_only_the_last_word_is_the_records()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(DocsRoot.Path, "artifacts", "bin", "AgentLoop", configuration, "AgentLoop.dll");
        Assert.True(File.Exists(program), $"{program} is not there; build the solution.");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.Equal(0, process.ExitCode);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var answers = lines.Where(static l => l.StartsWith("closedloop:", StringComparison.Ordinal)).ToList();
        Assert.True(answers.Count >= 4, output);
        Assert.All(answers.SkipLast(1), static a => Assert.StartsWith("closedloop: no, ", a, StringComparison.Ordinal));
        Assert.StartsWith("closedloop: yes", answers[^1], StringComparison.Ordinal);
        Assert.Equal("-- now it may be said: BL-42 is done.", lines[^1]);
        // What it may not write it is refused, and told why.
        Assert.Contains("may not write main-ci", output, StringComparison.Ordinal);
    }
}
