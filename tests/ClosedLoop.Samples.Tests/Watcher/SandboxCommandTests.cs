using System.Text.Json;
using ClosedLoop.Samples.Watcher;
using ClosedLoop.Samples.Watcher.Sandbox;
using Spectre.Console;

namespace ClosedLoop.Samples.Tests.Watcher;

/// <summary>The whole of the sample, as it is run: real servers on loopback, a real file, real time; judged by the truth, not by the clock.</summary>
public sealed class SandboxCommandTests
{
    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task A_timed_run_ends_equal_to_the_truth_with_one_line_of_json(string host)
    {
        Assert.True(WatcherArguments.TryParse(["--for", "6s", "--host", host], out var arguments, out _));
        using var output = new StringWriter();
        int exit = await SandboxCommand.RunAsync(arguments, To(output), default);

        string last = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var json = JsonDocument.Parse(last).RootElement;
        Assert.True(exit == 0, output.ToString());
        Assert.Equal(
            ["items", "done", "overclaim_ms", "staleness_p99_ms", "lost", "duplicates_ignored", "equal_to_truth", "builds", "coalesced", "cancelled", "rollbacks", "reverts", "force_pushes", "regressed"],
            json.EnumerateObject().Select(static p => p.Name));
        Assert.True(json.GetProperty("items").GetInt32() > 0);
        Assert.True(json.GetProperty("equal_to_truth").GetBoolean());
        Assert.Equal(0, json.GetProperty("overclaim_ms").GetDouble());
        Assert.Equal(0, json.GetProperty("lost").GetInt32());
    }

    [Fact]
    public async Task A_store_that_exists_is_left_alone()
    {
        string store = Path.GetTempFileName();
        Assert.True(WatcherArguments.TryParse(["--for", "6s", "--store", store], out var arguments, out _));
        using var output = new StringWriter();
        Assert.Equal(2, await SandboxCommand.RunAsync(arguments, To(output), default));
        Assert.Empty(await File.ReadAllBytesAsync(store));
        File.Delete(store);
    }

    private static IAnsiConsole To(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });
}
