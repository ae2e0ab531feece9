using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Insights.Timelines;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace ClosedLoop.Insights.Tests.Timelines;

/// <summary>The area under the work in progress is the sum of the times in gates, for any history and any window.</summary>
public sealed class ResidenceTests
{
    private static readonly Arbitrary<Logs> AnyLogs = Arb.From(Gen.Choose(0, int.MaxValue - 1).Select(Make));

    [Fact]
    public void The_area_under_the_work_in_progress_is_the_sum_of_the_times_in_gates() => PropertyCheck.Holds(AnyLogs, static logs =>
    {
        var random = new Random(logs.Seed);
        var visits = logs.Timelines.SelectMany(static t => t.Visits).Where(static v => v.IsOpen).ToList();
        for (int window = 0; window < 20; window++)
        {
            var from = Given.At(random.Next(-50, 500));
            var to = from.AddSeconds(random.Next(0, 30_000));
            Assert.Equal(Residence.Sum(visits, from, to), Residence.Area(visits, from, to));
            foreach (string gate in Gates.Default)
            {
                var at = visits.Where(v => v.Gate == gate).ToList();
                Assert.Equal(Residence.Sum(at, from, to), Residence.Area(at, from, to));
            }
        }
    }, tests: 300);

    [Fact]
    public void An_item_waits_at_exactly_one_gate_while_it_is_open_and_at_none_of_them_otherwise() => PropertyCheck.Holds(AnyLogs, static logs =>
    {
        foreach (var timeline in logs.Timelines)
        {
            for (double minute = -10; minute < 400; minute += 0.7)
            {
                var at = Given.At(minute);
                bool isOpen = timeline.Turns.LastOrDefault(t => t.At <= at) is { } turn && at >= timeline.OpenedAt && turn.Opens;
                Assert.Equal(isOpen ? 1 : 0, Residence.At(timeline.Visits.Where(static v => v.IsOpen), at));
                Assert.InRange(Residence.At(timeline.Visits, at), 0, 1);
            }
            Assert.All(timeline.Visits, static v => Assert.True(v.To is null || v.To >= v.From));
            Assert.All(timeline.Turns.Zip(timeline.Turns.Skip(1)), static pair => Assert.True(pair.First.At <= pair.Second.At));
        }
    }, tests: 100);

    [Fact]
    public void The_times_until_it_was_done_add_up_to_the_lead_time() => PropertyCheck.Holds(AnyLogs, static logs =>
    {
        foreach (var timeline in logs.Timelines)
        {
            if (timeline.Turns.FirstOrDefault(static t => t.Kind == TurnKind.Done) is not { Kind: TurnKind.Done } done) continue;
            if (timeline.Turns.Any(t => t.At < done.At && t.Kind == TurnKind.Abandoned)) continue;
            Assert.Equal(done.At - timeline.OpenedAt, Residence.Sum(timeline.Visits.Where(static v => v.IsOpen), timeline.OpenedAt, done.At));
        }
    }, tests: 200);

    [Fact]
    public void Late_evidence_stands_where_it_happened()
    {
        // The review was given at minute 2 and told at minute 50.
        Transition[] log =
        [
            Opened(0), Gate(Gates.PrOpened, 1, 1), Gate(Gates.Merged, 10, 10), Gate(Gates.Reviewed, 2, 50), Gate(Gates.MainCi, 15, 51),
            new() { ItemId = "BL-1", Kind = TransitionKind.Completed, OccurredAt = Given.At(15), RecordedAt = Given.At(51), DoneDefinition = "B" },
        ];

        var timeline = ItemTimeline.Of(log, PipelineDefinition.Default)!;

        Assert.Equal(
            [(Gates.PrOpened, 0, 1), (Gates.Reviewed, 1, 2), (Gates.Merged, 2, 10), (Gates.MainCi, 10, 15)],
            timeline.Visits.Where(static v => v.IsOpen).Select(static v => (v.Gate!, (v.From - Given.Start).TotalMinutes, (v.To!.Value - Given.Start).TotalMinutes)).Select(static v => (v.Item1, (int)v.Item2, (int)v.Item3)));
    }

    private static Transition Opened(double minute) => new() { ItemId = "BL-1", Kind = TransitionKind.Opened, OccurredAt = Given.At(minute), RecordedAt = Given.At(minute) };

    private static Transition Gate(string gate, double minute, double recorded, GateStatus to = GateStatus.Passed, Reason reason = Reason.Exact) =>
        new() { ItemId = "BL-1", Kind = TransitionKind.Gate, Gate = gate, To = to, Reason = reason, OccurredAt = Given.At(minute), RecordedAt = Given.At(recorded) };

    // Not what the engine writes, but anything at all in the shape of a log.
    private static Logs Make(int seed)
    {
        var random = new Random(seed);
        var timelines = new List<ItemTimeline>();
        for (int item = 0; item < 6; item++)
        {
            double minute = random.Next(0, 60);
            var log = new List<Transition> { Opened(minute) };
            for (int step = random.Next(0, 25); step > 0; step--)
            {
                minute += random.Next(0, 3) * random.NextDouble() * 10;
                double occurred = minute - (random.Next(4) == 0 ? random.NextDouble() * 40 : 0);
                log.Add(random.Next(8) switch
                {
                    0 => new() { ItemId = "BL-1", Kind = TransitionKind.Completed, OccurredAt = Given.At(occurred), RecordedAt = Given.At(minute), DoneDefinition = "B" },
                    1 => new() { ItemId = "BL-1", Kind = TransitionKind.Reopened, Gate = Gates.MainCi, RecordedAt = Given.At(minute) },
                    2 => new() { ItemId = "BL-1", Kind = random.Next(2) == 0 ? TransitionKind.Abandoned : TransitionKind.Resumed, RecordedAt = Given.At(minute) },
                    _ => Gate(Gates.Default[random.Next(7)], occurred, minute, (GateStatus)random.Next(5)) with { OccurredAt = random.Next(5) == 0 ? null : Given.At(occurred) },
                });
            }
            timelines.Add(ItemTimeline.Of(log, PipelineDefinition.Default)!);
        }
        return new Logs(seed, timelines);
    }

    internal sealed record Logs(int Seed, IReadOnlyList<ItemTimeline> Timelines);
}
