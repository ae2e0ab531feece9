using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage;
using ClosedLoop.Testing.Sandbox;

namespace ClosedLoop.Testing.Tests.Sandbox;

public sealed class TruthComparisonTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SandboxTruth _truth = new();
    private readonly List<Transition> _record = [];
    private long _sequence;

    [Fact]
    public void A_record_that_follows_at_once_is_honest_and_fresh()
    {
        Truth(Gates.Merged, GateStatus.Passed, 100);
        Says(Gates.Merged, GateStatus.Passed, 100);

        var report = Compare(State((Gates.Merged, GateStatus.Passed)));

        Assert.Equal(0, report.OverclaimMs);
        Assert.Equal(0, report.StalenessMaxMs);
        Assert.Equal(0, report.Lost);
        Assert.True(report.EqualToTruth, string.Join("; ", report.Differences));
    }

    [Fact]
    public void A_pass_that_is_recorded_before_it_is_so_is_over_claim_until_it_is_so()
    {
        Says(Gates.Merged, GateStatus.Passed, 100);
        Truth(Gates.Merged, GateStatus.Passed, 350);

        Assert.Equal(250, Compare().OverclaimMs);
    }

    [Fact]
    public void A_pass_that_never_was_is_over_claim_until_the_record_takes_it_back()
    {
        Says(Gates.MainCi, GateStatus.Passed, 100);
        Says(Gates.MainCi, GateStatus.Failed, 400);

        Assert.Equal(300, Compare().OverclaimMs);
    }

    [Fact]
    public void A_pass_that_never_was_is_over_claim_up_to_now_when_the_record_still_says_so()
    {
        Says(Gates.MainCi, GateStatus.Passed, 100);

        var report = Compare(State((Gates.MainCi, GateStatus.Passed)));

        Assert.Equal(900, report.OverclaimMs);
        Assert.False(report.EqualToTruth);
    }

    [Fact]
    public void A_pass_while_the_truth_is_only_running_is_over_claim()
    {
        Truth(Gates.RolledOut, GateStatus.Running, 100);
        Says(Gates.RolledOut, GateStatus.Passed, 200);
        Truth(Gates.RolledOut, GateStatus.Passed, 260);

        Assert.Equal(60, Compare().OverclaimMs);
    }

    [Fact]
    public void A_regression_that_the_record_has_not_noticed_is_staleness_and_not_over_claim()
    {
        Truth(Gates.Healthy, GateStatus.Passed, 100);
        Says(Gates.Healthy, GateStatus.Passed, 110);
        Truth(Gates.Healthy, GateStatus.Failed, 300);
        Says(Gates.Healthy, GateStatus.Failed, 700);

        var report = Compare();

        Assert.Equal(0, report.OverclaimMs);
        Assert.Equal(400, report.StalenessMaxMs);
    }

    [Fact]
    public void A_pass_that_comes_back_from_old_evidence_after_the_regression_was_recorded_is_over_claim()
    {
        Truth(Gates.Healthy, GateStatus.Passed, 100);
        Says(Gates.Healthy, GateStatus.Passed, 110, occurred: 100);
        Truth(Gates.Healthy, GateStatus.Failed, 300);
        Says(Gates.Healthy, GateStatus.Failed, 310, occurred: 300);
        Says(Gates.Healthy, GateStatus.Passed, 500, occurred: 100);
        Says(Gates.Healthy, GateStatus.Failed, 520, occurred: 300);

        Assert.Equal(20, Compare().OverclaimMs);
    }

    [Fact]
    public void A_pass_that_arrives_after_the_truth_went_back_cites_what_was_so_and_is_stale()
    {
        Truth(Gates.Reviewed, GateStatus.Passed, 100);
        Truth(Gates.Reviewed, GateStatus.Failed, 200);
        Says(Gates.Reviewed, GateStatus.Passed, 250, occurred: 100);
        Says(Gates.Reviewed, GateStatus.Failed, 300, occurred: 200);

        var report = Compare();

        Assert.Equal(0, report.OverclaimMs);
        Assert.Equal(200, report.StalenessMaxMs);
    }

    [Fact]
    public void Staleness_of_a_state_that_the_record_never_saw_lasts_until_the_record_agrees_again()
    {
        Truth(Gates.MainCi, GateStatus.Running, 100);
        Truth(Gates.MainCi, GateStatus.Passed, 300);
        Says(Gates.MainCi, GateStatus.Passed, 380);

        var report = Compare();

        Assert.Equal(280, report.StalenessMaxMs);
        Assert.Equal(80, report.StalenessP50Ms);
        Assert.Equal(0, report.Lost);
    }

    [Fact]
    public void The_99th_percentile_leaves_out_one_straggler_of_two_hundred()
    {
        for (int i = 0; i < 200; i++)
        {
            string item = $"BL-{i}";
            _truth.Record(item, Gates.Merged, GateStatus.Passed, Start.AddMilliseconds(i));
            Says(Gates.Merged, GateStatus.Passed, i + (i == 7 ? 500 : 10), item: item);
        }

        var report = Compare();

        Assert.Equal(10, report.StalenessP99Ms);
        Assert.Equal(500, report.StalenessMaxMs);
    }

    [Fact]
    public void A_change_that_the_record_never_followed_is_lost_and_counts_with_its_age()
    {
        Truth(Gates.Merged, GateStatus.Passed, 100);

        var report = Compare(State());

        Assert.Equal(1, report.Lost);
        Assert.Equal(900, report.StalenessMaxMs);
        Assert.False(report.EqualToTruth);
        Assert.Contains(report.Differences, d => d.Contains("BL-1 merged", StringComparison.Ordinal));
    }

    [Fact]
    public void An_item_that_is_missing_from_the_record_is_a_difference()
    {
        Truth(Gates.PrOpened, GateStatus.Passed, 100);

        Assert.Contains("BL-1: exists, but is not in the record", Compare().Differences);
    }

    [Fact]
    public void An_item_that_exists_only_in_the_record_is_a_difference()
    {
        var report = Compare(State() with { Id = "BL-9" });

        Assert.False(report.EqualToTruth);
        Assert.Contains("BL-9: is in the record, but does not exist", report.Differences);
    }

    [Fact]
    public void Done_in_the_record_only_is_a_difference()
    {
        Truth(Gates.Merged, GateStatus.Passed, 100);

        var report = Compare(State((Gates.Merged, GateStatus.Passed)) with { IsDone = true });

        Assert.Equal(0, report.Done);
        Assert.Equal(["BL-1: the record says done, the truth is not done"], report.Differences);
    }

    [Fact]
    public void Done_is_counted_by_the_definition_that_is_asked_for()
    {
        Truth(Gates.Merged, GateStatus.Passed, 100);
        var state = State((Gates.Merged, GateStatus.Passed)) with { IsDone = true };

        var report = TruthComparison.Compare(_truth, _record, [state], Start.AddSeconds(1), Done.Merged);

        Assert.Equal(1, report.Done);
        Assert.True(report.EqualToTruth);
    }

    [Fact]
    public void A_stand_in_that_gave_way_claims_nothing_any_more()
    {
        Says(Gates.PrOpened, GateStatus.Passed, 100, item: "pr:acme/web#1");
        _record.Add(new Transition { Sequence = ++_sequence, ItemId = "pr:acme/web#1", Kind = TransitionKind.Replaced, RecordedAt = Start.AddMilliseconds(150) });

        Assert.Equal(50, Compare().OverclaimMs);
    }

    [Fact]
    public void No_more_than_twenty_differences_are_put_into_words()
    {
        for (int i = 0; i < 30; i++) _truth.Record($"BL-{i}", Gates.PrOpened, GateStatus.Passed, Start);

        Assert.Equal(TruthComparison.MaxDifferences, Compare().Differences.Count);
    }

    private void Truth(string gate, GateStatus status, int at) => _truth.Record("BL-1", gate, status, Start.AddMilliseconds(at));

    private void Says(string gate, GateStatus status, int at, int? occurred = null, string item = "BL-1") => _record.Add(new Transition
    {
        Sequence = ++_sequence,
        ItemId = item,
        Kind = TransitionKind.Gate,
        Gate = gate,
        To = status,
        OccurredAt = occurred is { } ms ? Start.AddMilliseconds(ms) : null,
        RecordedAt = Start.AddMilliseconds(at),
    });

    private TruthReport Compare(params ItemState[] states) => TruthComparison.Compare(_truth, _record, states, Start.AddSeconds(1));

    private static ItemState State(params (string Gate, GateStatus Status)[] gates) => new()
    {
        Id = "BL-1",
        Pipeline = "delivery",
        DoneDefinition = "B",
        Gates = [.. Gates.Default.Select(name => new GateView { Gate = name, Status = gates.FirstOrDefault(g => g.Gate == name).Status })],
    };
}
