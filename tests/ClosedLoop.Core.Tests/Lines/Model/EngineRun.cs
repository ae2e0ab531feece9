using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Items;
using ClosedLoop.Lines;
using ClosedLoop.Pipelines;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>Feeds what happened to the engine, as sources report it, and reads what it stored.</summary>
internal static class EngineRun
{
    /// <summary>As it happened: for some histories each thing alone, one commit each, and for most of them several in a commit.</summary>
    public static Task<SortedDictionary<string, ItemState>> InOrderAsync(PipelineDefinition pipeline, IReadOnlyList<Happening> happenings, int seed)
    {
        var random = new Random(seed);
        var submissions = happenings.Select(static h => Submission([HappeningFacts.Report(h)])).ToArray();
        return FeedAsync(pipeline, happenings[^1].At, Cut(submissions, random, random.Next(20) == 0 ? 1 : 40));
    }

    /// <summary>In any order, doubled at random, in submissions and commits of random size.</summary>
    public static Task<SortedDictionary<string, ItemState>> ShuffledAsync(PipelineDefinition pipeline, IReadOnlyList<Happening> happenings, int seed)
    {
        var random = new Random(seed);
        var reports = happenings.Select(HappeningFacts.Report).SelectMany(r => Enumerable.Repeat(r, random.Next(8) == 0 ? 2 : 1)).ToArray();
        random.Shuffle(reports);
        int deliveries = 0;
        var submissions = Cut(reports, random, 4).Select(part => Submission(part) with { DeliveryId = random.Next(2) == 0 ? null : (++deliveries).ToString(CultureInfo.InvariantCulture) }).ToArray();
        return FeedAsync(pipeline, happenings[^1].At, Cut(submissions, random, random.Next(5) == 0 ? 3 : 20));
    }

    /// <summary>A part of what happened, whichever was heard first: the record of it as it came, and the record of the same heard all at once.</summary>
    public static async Task<(SortedDictionary<string, ItemState> AsItCame, SortedDictionary<string, ItemState> AtOnce)> PartlyAsync(PipelineDefinition pipeline, IReadOnlyList<Happening> happenings, int seed)
    {
        var random = new Random(seed);
        int[] heard = Part(happenings.Count, random);
        var asItCame = heard.Select(i => Submission([HappeningFacts.Report(happenings[i])])).ToArray();
        var atOnce = Submission([.. heard.Order().Select(i => HappeningFacts.Report(happenings[i]))]);
        return (await FeedAsync(pipeline, happenings[^1].At, Cut(asItCame, random, random.Next(5) == 0 ? 3 : 20)), await FeedAsync(pipeline, happenings[^1].At, [[atOnce]]));
    }

    /// <summary>Which of what happened is heard of, in any order.</summary>
    public static int[] Part(int happenings, Random random)
    {
        int[] heard = [.. Enumerable.Range(0, happenings)];
        random.Shuffle(heard);
        // Mostly nearly all of it: what is missing then lies in the midst of what is known.
        return heard[..(heard.Length - random.Next(1 + Math.Max(1, heard.Length / (random.Next(3) == 0 ? 2 : 8))))];
    }

    /// <summary>Each batch is one commit of the engine.</summary>
    public static async Task<SortedDictionary<string, ItemState>> FeedAsync(PipelineDefinition pipeline, DateTimeOffset end, IEnumerable<Submission[]> batches)
    {
        using var loop = new LoopFixture(l => l.Services.AddSingleton(pipeline));
        // Nobody tells of what has not happened yet.
        loop.Time.AdvanceTo(end);
        foreach (var batch in batches)
        {
            loop.Time.Advance(TimeSpan.FromSeconds(30));
            foreach (var result in await loop.Committer.CommitAsync(batch, null, default))
                if (result.Outcome != SubmissionOutcome.Committed || result.Refusals.Count > 0)
                    throw new InvalidOperationException($"the engine did not take what it was sent: {result.Outcome} {result.Detail} {string.Join(", ", result.Refusals)} {string.Join(", ", (await loop.QuarantineAsync()).Select(static q => q.Detail))}");
        }
        var states = new SortedDictionary<string, ItemState>(StringComparer.Ordinal);
        foreach (var record in await loop.ItemsAsync()) states.Add(record.State.Id, record.State);
        return states;
    }

    internal static Submission Submission(IReadOnlyList<(ImmutableArray<Fact> Facts, ImmutableArray<CommitNode> Nodes)> reports) =>
        LoopFixture.Submission(reports.SelectMany(static r => r.Facts)) with
        {
            History = [.. reports.SelectMany(static r => r.Nodes)],
            Writers = [Given.Scm, Given.Ci, Given.Registry, Given.Deployer, Given.Health, Given.Host],
        };

    private static IEnumerable<T[]> Cut<T>(T[] all, Random random, int most)
    {
        for (int i = 0, size; i < all.Length; i += size)
        {
            size = Math.Min(random.Next(1, most + 1), all.Length - i);
            yield return all[i..(i + size)];
        }
    }
}
