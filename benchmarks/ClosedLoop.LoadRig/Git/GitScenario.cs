using ClosedLoop.Migration;

namespace ClosedLoop.LoadRig.Git;

/// <summary>What it costs to read a clone's landings, beside git alone.</summary>
internal sealed class GitScenario : IScenario
{
    public string Name => "git";

    public string Summary => "landings, lead times and throughput of a clone, beside git's own walk of the same history";

    public IReadOnlyList<Option> Options =>
    [
        new("path", "", "a clone; without one, a repository is made"),
        new("landings", "20000", "merges in the repository that is made, three commits each"),
        new("rounds", "5", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        using var folder = new TempFolder();
        string path = arguments.Text("path");
        if (path.Length == 0)
        {
            path = folder.File("clone.git");
            await log.WriteLineAsync($"making a repository with {arguments.Number("landings")} merges");
            await SyntheticClone.MakeAsync(path, arguments.Number("landings"));
        }
        var history = await GitHistoryReader.ReadAsync(path);
        string head = history.Head ?? throw new ArgumentException($"The clone {path} has no commits.");
        int rounds = arguments.Number("rounds");
        await log.WriteLineAsync($"{history.CommitCount} commits, {history.Landings.Count} landings");
        var throughput = new List<double>();
        var walk = await Duel.RunAsync(rounds, ReadAsync, () => GitCommand.DiscardAsync(path, "log --format='%H %P %at %ct %s'", head));
        var counts = new Dictionary<string, double>
        {
            ["commits"] = history.CommitCount,
            ["landings"] = history.Landings.Count,
            ["throughputMs"] = Spread.Of(throughput).Median * 1000,
        };
        var list = await Duel.RunAsync(rounds, ReadAsync, () => GitCommand.DiscardAsync(path, "rev-list --first-parent --count", head));
        return
        [
            walk.Time("landings and throughput", "git log HEAD --format='%H %P %at %ct %s' > /dev/null", "ms", 1000, more: counts),
            list.Time("landings and throughput", "git rev-list --first-parent --count HEAD", "ms", 1000),
        ];

        async Task<double> ReadAsync()
        {
            long start = Clock.Start();
            var read = await GitHistoryReader.ReadAsync(path);
            long reading = Clock.Start();
            var numbers = GitThroughput.Of(read.Landings);
            double seconds = Clock.Seconds(start);
            throughput.Add(Clock.Seconds(reading));
            ClaimFailedException.Unless(numbers.Landings == history.Landings.Count, "two readings of one clone differ.");
            return seconds;
        }
    }
}
