using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Pipelines;

namespace ClosedLoop.LoadRig.Fold;

/// <summary>How fast facts join into their registers in memory, and what a fact costs that is known: what polls and repeated webhooks say over and over.</summary>
internal sealed class FoldScenario : IScenario
{
    public string Name => "fold";

    public string Summary => "facts joined into their registers in memory: known ones, and all in random order; beside a dictionary of the newest";

    public IReadOnlyList<Option> Options =>
    [
        new("merges", "1000", "merges, eight facts each"),
        new("copies", "3", "how often each fact comes, each time as an object of its own"),
        new("attributes", "3", "further named values of each fact; a fact of an adapter has 0 to 10"),
        new("rounds", "9", "measured rounds"),
    ];

    public Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log) => RunAsync(arguments.Number("merges"), arguments.Number("copies"), int.Parse(arguments.Text("attributes"), CultureInfo.InvariantCulture), arguments.Number("rounds"));

    private static async Task<IReadOnlyList<Row>> RunAsync(int merges, int copies, int attributes, int rounds)
    {
        // Made anew for each copy: nothing is known by its reference.
        Fact[] first = Facts(merges, attributes), again = Facts(merges, attributes);
        Fact[] mixed = [.. Enumerable.Range(0, copies).SelectMany(_ => Facts(merges, attributes))];
        new Random(1).Shuffle(mixed);
        new Random(2).Shuffle(again);
        var known = new FactGraph();
        foreach (var fact in first) known.Apply(fact);
        var newest = new Dictionary<(string, string, string), Fact>();
        long allocated = 0, joined = 0;
        List<double> knownCpu = [], allCpu = [];

        var ofKnown = await Duel.RunAsync(rounds, () => Measured(knownCpu, Join(known, again, 0, out allocated, out double cpu), cpu), () => Newest(newest, again));
        var ofAll = await Duel.RunAsync(rounds, () => Measured(allCpu, Join(new FactGraph(), mixed, first.Length, out joined, out double cpu), cpu), () => Newest([], mixed));
        Fact[] items = [.. known.Facts.Where(static f => f.Kind == Gates.PrOpened)];
        var ofItems = await Duel.RunAsync(rounds, () => FoldItems(known, items), () => Newest([], first));

        var figures = new Dictionary<string, double> { ["facts"] = mixed.Length, ["bytes_per_known_fact"] = (double)allocated / again.Length, ["bytes_per_fact"] = (double)joined / mixed.Length };
        const string Twin = "a Dictionary by (subject, kind, writer) of the fact with the greatest ordinal; no links, and the first of two with one ordinal stays";
        Row[] rows =
        [
            ofItems.Time($"fold of {items.Length} completed items, all their facts known", "eight dictionary entries for each", "us/item", 1e6, items.Length),
            ofAll.Rate($"{mixed.Length} facts in random order, each {copies} times, into an empty graph", Twin, "facts/s", mixed.Length),
            ofKnown.Rate($"{again.Length} known facts", Twin, "facts/s", again.Length, figures),
        ];
        figures["known_facts_per_s"] = rows[2].Ours.Median;
        figures["facts_per_s"] = rows[1].Ours.Median;
        // What else runs on the machine takes wall time, and none of this process's.
        figures["known_facts_per_cpu_s"] = again.Length / Spread.Of(knownCpu.TakeLast(rounds)).Median;
        figures["known_facts_per_cpu_s_max"] = again.Length / Spread.Of(knownCpu.TakeLast(rounds)).Min;
        figures["facts_per_cpu_s"] = mixed.Length / Spread.Of(allCpu.TakeLast(rounds)).Median;
        figures["us_per_item"] = rows[0].Ours.Median;
        return rows;
    }

    private static Fact[] Facts(int merges, int attributes) => [.. MergeSignals.InOrder(merges).SelectMany(static s => s.Facts).Select(f => f with
    {
        Attributes = f.Attributes.AddRange(Enumerable.Range(0, attributes).Select(a => KeyValuePair.Create($"attribute-{a}", $"{f.Subject} {a}"))),
    })];

    private static Task<double> Measured(List<double> all, Task<double> seconds, double cpu)
    {
        all.Add(cpu);
        return seconds;
    }

    private static Task<double> Join(FactGraph graph, Fact[] facts, int expected, out long allocated, out double cpuSeconds)
    {
        int changed = 0;
        var cpu = Environment.CpuUsage.TotalTime;
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Clock.Start();
        foreach (var fact in facts)
            if (graph.Apply(fact) is not null)
                changed++;
        double seconds = Clock.Seconds(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        ClaimFailedException.Unless(changed == expected, $"{changed} registers changed, and not {expected}.");
        return Task.FromResult(seconds);
    }

    private static Task<double> Newest(Dictionary<(string Subject, string Kind, string Writer), Fact> newest, Fact[] facts)
    {
        // The texts are made beforehand in this twin's favour.
        var keys = Array.ConvertAll(facts, static f => (f.Subject.ToString(), f.Kind, f.Writer.ToString()));
        long start = Clock.Start();
        for (int i = 0; i < facts.Length; i++)
            if (!newest.TryGetValue(keys[i], out var known) || known.Ordinal < facts[i].Ordinal)
                newest[keys[i]] = facts[i];
        return Task.FromResult(Clock.Seconds(start));
    }

    private static Task<double> FoldItems(FactGraph graph, Fact[] opened)
    {
        int done = 0;
        long start = Clock.Start();
        foreach (var fact in opened)
            if (ItemFold.Fold(PipelineDefinition.Default, fact.Links[0], graph) is { IsDone: true })
                done++;
        double seconds = Clock.Seconds(start);
        ClaimFailedException.Unless(done == opened.Length, $"{done} of {opened.Length} items are done.");
        return Task.FromResult(seconds);
    }
}
