using System.Text.Json;
using ClosedLoop.Cli;
using ClosedLoop.Facts;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage.Sqlite;
using ClosedLoop.Testing.Sandbox;
using ClosedLoop.Testing.Tests.EndToEnd;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>
/// <c>closedloop why</c> on every item of simulated worlds at many instants, as it is typed, against what the world's own truth says: the exit
/// code and the gate that is named.
/// </summary>
public sealed class WhyInSimulatedWorldsTests
{
    private static readonly TimeSpan ReviewLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan CiLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);

    // Lost webhooks are repaired by the next poll, and some sources' clocks show whole seconds.
    private static readonly TimeSpan Unclear = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan ClockResolution = TimeSpan.FromSeconds(1.5);

    [Theory]
    [InlineData(21, SandboxSourceHost.GitHub)]
    [InlineData(22, SandboxSourceHost.GitHub)]
    [InlineData(23, SandboxSourceHost.GitLab)]
    [InlineData(24, SandboxSourceHost.Gitea)]
    public async Task Its_exit_code_and_its_gate_are_what_the_truth_says(int seed, SandboxSourceHost host)
    {
        using var database = TempDatabase.Create();
        using var store = new SqliteLoopStore(new SqliteOptions { Path = database.Path });
        var pipeline = new PipelineBuilder("delivery").UseDefaultGates().Gate(Gates.Reviewed, static g => g.Within(ReviewLimit)).Gate(Gates.MainCi, static g => g.Within(CiLimit)).Build();
        using var system = new DrivenSystem(
            new SandboxOptions { Seed = seed, SourceHost = host, Speed = 0.25, GenerateFor = TimeSpan.FromSeconds(14), ItemsPerSecond = 1.5, RollbackEvery = TimeSpan.FromSeconds(20), RevertEvery = TimeSpan.FromSeconds(5), ForcePushEvery = TimeSpan.FromSeconds(20), BreakRate = 0.1 },
            store, pipeline: pipeline);
        var wrong = new List<string>();
        var asked = new Dictionary<int, int>();
        var last = DateTimeOffset.MinValue;
        system.Followed = async () =>
        {
            var now = system.World.Time.GetUtcNow();
            if (now < last + BetweenLooks) return;
            last = now;
            foreach (string item in system.World.Truth.Items)
            {
                if (Expected(system.World.Truth, item, now) is not { } expected) continue;
                var (code, answer) = await AskAsync(database.Path, item, system.World.Time);
                asked[expected.ExitCode] = asked.GetValueOrDefault(expected.ExitCode) + 1;
                string? gate = answer.ValueKind == JsonValueKind.Object ? answer.GetProperty("gate").GetString() : "no answer";
                if ((code, gate) != expected) wrong.Add($"{now:mm:ss.fff} {item}: the truth is {expected}, it says ({code}, {gate}): {answer}");
                else if (gate is not null && !answer.GetProperty("why").GetString()!.StartsWith(gate + ": ", StringComparison.Ordinal)) wrong.Add($"{now:mm:ss.fff} {item}: {answer}");
            }
        };

        await system.PlayAsync(TimeSpan.FromSeconds(5));

        Assert.True(asked.Values.Sum() > 100, $"only {asked.Values.Sum()} questions");
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {asked.Values.Sum()}:\n{string.Join('\n', wrong.Take(5))}");
        // A world in which nothing went wrong would prove little.
        Assert.All((int[])[0, 3, 4, 5], code => Assert.True(asked.GetValueOrDefault(code) > 0, $"no item was ever {code}: {string.Join(", ", asked)}"));
    }

    private static async Task<(int Code, JsonElement Answer)> AskAsync(string path, string item, TimeProvider time)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await ClosedLoopCommand.RunAsync(["why", item, "--json", "--store", $"sqlite:{path}"], new CliEnvironment { Input = Stream.Null, Output = output, Error = error, Time = time });
        Assert.Equal("", error.ToString());
        return (code, JsonDocument.Parse(output.ToString()).RootElement);
    }

    // From the log of the world alone. Null while it cannot be known yet: the world has just changed, or a limit runs out about now.
    private static (int ExitCode, string? Gate)? Expected(SandboxTruth truth, string item, DateTimeOffset now)
    {
        string[] gates = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi];
        var history = truth.Changes.Where(c => c.ItemId == item && c.At <= now && gates.Contains(c.Gate)).ToList();
        if (history.Exists(c => c.At > now - Unclear)) return null;
        var status = gates.ToDictionary(static g => g, g => history.FindLast(c => c.Gate == g)?.Status ?? GateStatus.Waiting);
        if (status[Gates.Merged] == GateStatus.Passed && status[Gates.MainCi] == GateStatus.Passed) return (0, null);
        // Closed without ever having been on the branch.
        if (status[Gates.Merged] == GateStatus.Failed && !history.Exists(static c => c is { Gate: Gates.Merged, Status: GateStatus.Passed })) return (6, null);

        string gate = status[Gates.Merged] switch
        {
            GateStatus.Passed => Gates.MainCi,
            GateStatus.Failed => Gates.Merged,
            _ => gates.First(g => status[g] != GateStatus.Passed),
        };
        foreach (string needed in (string[])[Gates.Merged, Gates.MainCi])
        {
            if (status[needed] == GateStatus.Passed) continue;
            var passes = history.Select((c, i) => (Change: c, Index: i)).Where(p => p.Change.Gate == needed && p.Change.Status == GateStatus.Passed)
                .Select(p => (history.Skip(p.Index + 1).FirstOrDefault(c => c.Gate == needed)?.At ?? now) - p.Change.At).ToList();
            if (passes.Exists(static lasted => lasted > Unclear)) return (5, gate);
            // It was so for so short a time that nobody may have seen it.
            if (passes.Count > 0) return null;
        }
        DateTimeOffset? limit = status[Gates.Merged] switch
        {
            GateStatus.Passed => Since(Gates.Merged) + CiLimit,
            GateStatus.Waiting when status[Gates.PrOpened] == GateStatus.Passed && status[Gates.Reviewed] != GateStatus.Passed => Since(Gates.PrOpened) + ReviewLimit,
            _ => null,
        };
        if (limit is { } at && (now - at).Duration() < ClockResolution) return null;
        return (limit < now ? 4 : 3, gate);

        DateTimeOffset Since(string of) => history.FindLast(c => c.Gate == of)!.At;
    }
}
