using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Evaluation;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Tests.Support;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Alerting.Tests.Evaluation;

public sealed class IncidentTests
{
    [Fact]
    public async Task Items_that_wait_for_one_build_are_one_incident_with_a_count_the_oldest_and_what_unblocks_them()
    {
        using var watched = new Watched();
        for (int i = 1; i <= 12; i++) await watched.MergeAsync(i, minute: i);
        await watched.RunToAsync(60);

        var fired = Assert.Single(watched.Sink.Notices);
        Assert.Equal((IncidentNoticeKind.Fired, CauseKinds.Line, "line:acme/web@main/main-ci", "BL-1"), (fired.Kind, fired.CauseKind, fired.Cause, fired.OldestItemId));
        Assert.Equal("main-ci is late on acme/web main", fired.Title);
        Assert.Contains("one run at its head covers all of them", fired.NextAction, StringComparison.Ordinal);
        var incident = await watched.SingleAsync();
        Assert.Equal((IncidentState.Firing, 12, "BL-1", Given.At(1)), (incident.State, incident.Count, incident.OldestItemId, incident.Since));
        Assert.Equal(10, incident.Items.Length);

        await watched.BuildAsync(1, GateStatus.Passed, Enumerable.Range(1, 12));
        await watched.RunToAsync(70);
        Assert.Equal(IncidentNoticeKind.Resolved, watched.Sink.Notices[^1].Kind);
        Assert.Equal(2, watched.Sink.Notices.Count(n => n.Gate == Gates.MainCi));
    }

    [Fact]
    public async Task An_overdue_item_is_told_within_a_second_of_its_limit()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(29.9);
        Assert.Empty(watched.Sink.Notices);
        await watched.RunToAsync(30.02, TimeSpan.FromMilliseconds(100));
        Assert.Equal(IncidentNoticeKind.Fired, Assert.Single(watched.Sink.Notices).Kind);
        Assert.InRange(watched.Sink.Notices[0].At, Given.At(30), Given.At(30) + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_line_that_is_red_for_fifteen_minutes_is_told_before_any_limit_ran_out_and_gates_after_it_are_not()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1, 0);
        await watched.MergeAsync(2, 1);
        await watched.RunToAsync(5);
        await watched.BuildAsync(1, GateStatus.Failed, 1, 2);
        await watched.RunToAsync(19);
        Assert.Empty(watched.Sink.Notices);
        await watched.RunToAsync(21);
        var fired = Assert.Single(watched.Sink.Notices);
        Assert.Equal(("main-ci is red on acme/web main", 2, Given.At(5)), (fired.Title, fired.Count, fired.Since));
        Assert.InRange(fired.At, Given.At(20), Given.At(20) + TimeSpan.FromSeconds(30));
        // Their own limits run out, of the same cause.
        await watched.RunToAsync(50);
        Assert.Single(watched.Sink.Notices);
        Assert.Single(await watched.Incidents.ListAsync());
    }

    [Fact]
    public async Task When_what_waited_longest_is_through_the_incident_and_its_sentence_count_from_the_next()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1, minute: 0);
        await watched.MergeAsync(2, minute: 5);
        await watched.RunToAsync(40);
        await AgreesAsync(watched, Given.At(0));
        await watched.BuildAsync(1, GateStatus.Passed, 1);
        await watched.RunToAsync(61);
        // It is an error an hour after that, not after what is over: until then there is nothing to look at sooner than usual.
        var due = Assert.Single(await watched.System.Get<ILoopStore>().ReadDueAsync([AlertPass.Subject], default), static d => d.Kind == AlertPass.Kind);
        Assert.True(due.DueAt - watched.Now > TimeSpan.FromSeconds(5), $"due at {due.DueAt:O}, now {watched.Now:O}");
        Assert.Equal(IncidentSeverity.Warning, (await AgreesAsync(watched, Given.At(5))).Severity);
    }

    [Fact]
    public async Task When_a_line_that_was_late_turns_red_the_incident_and_its_sentence_count_from_then()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(40);
        await AgreesAsync(watched, Given.At(0));
        await watched.BuildAsync(1, GateStatus.Failed, 1);
        await watched.RunToAsync(41);
        Assert.Equal("main-ci is red on acme/web main", (await AgreesAsync(watched, Given.At(40))).Title);
    }

    [Fact]
    public async Task Severity_grows_with_age_and_repetitions_follow_it()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(12 * 60, TimeSpan.FromMinutes(1));
        Assert.Equal(
            [(30, IncidentNoticeKind.Fired, IncidentSeverity.Warning), (90, IncidentNoticeKind.Escalated, IncidentSeverity.Error), (150, IncidentNoticeKind.Repeated, IncidentSeverity.Error)],
            watched.Sink.Notices.Take(3).Select(n => ((int)Math.Round((n.At - Given.Start).TotalMinutes), n.Kind, n.Severity)));
        Assert.Contains(watched.Sink.Notices, static n => n is { Kind: IncidentNoticeKind.Escalated, Severity: IncidentSeverity.Critical });
        var told = watched.Sink.Notices.Select(static n => n.At).ToList();
        // Never sooner than the repeat interval of what was told.
        Assert.All(watched.Sink.Notices.Zip(told.Skip(1)), static pair => Assert.True(pair.Second - pair.First.At >= TimeSpan.FromMinutes(30)));
        Assert.InRange(watched.Sink.Notices.Count, 15, 25);
    }

    [Fact]
    public async Task A_status_that_flaps_is_one_incident_that_is_not_told_at_each_flip()
    {
        using var watched = new Watched(a => a.Configure(o => o.RedLineAfter = TimeSpan.FromMinutes(1)));
        await watched.MergeAsync(1);
        for (int i = 1; i <= 60; i++)
        {
            await watched.BuildAsync(i, i % 2 == 0 ? GateStatus.Passed : GateStatus.Failed, 1);
            await watched.RunToAsync(i * 3);
        }
        Assert.Single(await watched.Incidents.ListAsync(openOnly: false), static i => i.Gate == Gates.MainCi);
        var firing = watched.Sink.Notices.Where(static n => n.Gate == Gates.MainCi && n.Kind != IncidentNoticeKind.Resolved).ToList();
        Assert.All(firing.Zip(firing.Skip(1)), static pair => Assert.True(pair.Second.At - pair.First.At >= TimeSpan.FromMinutes(30)));
        Assert.InRange(firing.Count, 1, 4);
        Assert.True(watched.Sink.Of(IncidentNoticeKind.Resolved).Count(static n => n.Gate == Gates.MainCi) <= firing.Count(static n => n.Kind == IncidentNoticeKind.Fired));
    }

    [Fact]
    public async Task Closing_an_incident_by_hand_makes_no_new_one_for_the_same_cause()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        var incident = await watched.SingleAsync();
        var closed = await watched.Incidents.CloseAsync(incident.Id, "ann", "known");
        Assert.True(closed.IsTaken, closed.Refusal);
        await watched.MergeAsync(2, 32);
        await watched.RunToAsync(48 * 60, TimeSpan.FromMinutes(5));
        Assert.Equal([IncidentNoticeKind.Fired, IncidentNoticeKind.Resolved], watched.Sink.Notices.Where(static n => n.Gate == Gates.MainCi).Select(static n => n.Kind));
        Assert.Equal(("ann", "known", 2), await watched.Incidents.FindAsync(incident.Id) is { } kept ? (kept.By, kept.Note, kept.Count) : default);

        // Once its cause is gone, a new one of the same cause is told.
        await watched.BuildAsync(1, GateStatus.Passed, 1, 2);
        await watched.RunToAsync((48 * 60) + 90);
        await watched.MergeAsync(3, watched.Minute);
        await watched.RunToAsync(watched.Minute + 35);
        Assert.Equal(IncidentNoticeKind.Fired, watched.Sink.Notices.Last(static n => n.Gate == Gates.MainCi).Kind);
        Assert.Equal(2, (await watched.Incidents.FindAsync(incident.Id))!.Episode);
    }

    [Fact]
    public async Task An_acknowledged_incident_is_not_repeated_but_a_higher_severity_is_told()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        await watched.Incidents.AcknowledgeAsync((await watched.SingleAsync()).Id, "ann");
        await watched.RunToAsync(12 * 60, TimeSpan.FromMinutes(1));
        Assert.Equal("Fired Warning 1; Acknowledged Warning 1; Escalated Error 1; Escalated Critical 1", watched.Sink.Story);
        Assert.Equal(("ann", IncidentState.Acknowledged), (await watched.SingleAsync()) is var i ? (i.By, i.State) : default);
    }

    [Fact]
    public async Task A_silence_ends_and_what_still_holds_is_told_again()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        var incident = await watched.SingleAsync();
        Assert.True((await watched.Incidents.SilenceAsync(incident.Id, Given.At(600), "ann")).IsTaken);
        await watched.RunToAsync(599, TimeSpan.FromMinutes(1));
        Assert.Single(watched.Sink.Notices);
        await watched.RunToAsync(602, TimeSpan.FromMinutes(1));
        Assert.Equal("Fired Warning 1; Escalated Critical 1", watched.Sink.Story);
        await Assert.ThrowsAsync<ArgumentException>(() => watched.Incidents.SilenceAsync(incident.Id, Given.At(0), "ann").AsTask());
        Assert.Equal("No incident has the id 'inc-x'.", (await watched.Incidents.CloseAsync("inc-x", "ann")).Refusal);
    }

    [Fact]
    public async Task An_incident_is_resolved_once_and_told_again_when_it_fires_again()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        await watched.BuildAsync(1, GateStatus.Passed, 1);
        await watched.RunToAsync(300, TimeSpan.FromMinutes(1));
        await watched.MergeAsync(2, 300);
        await watched.RunToAsync(335, TimeSpan.FromMinutes(1));
        var told = watched.Sink.Notices.Where(static n => n.Gate == Gates.MainCi).ToList();
        Assert.Equal([(IncidentNoticeKind.Fired, 1), (IncidentNoticeKind.Resolved, 1), (IncidentNoticeKind.Fired, 2)], told.Select(static n => (n.Kind, n.Episode)));
        Assert.Equal(told.Count, told.Select(static n => n.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task A_source_that_cannot_be_reached_is_one_incident_and_its_gates_are_not_judged()
    {
        var source = new FakeSource { Answer = static _ => ProbeResult.Unreachable("connection refused") };
        using var watched = new Watched(loop: l => l.AddAdapter(_ => source.Register()));
        for (int i = 1; i <= 5; i++) await watched.MergeAsync(i);
        await watched.RunToAsync(120, TimeSpan.FromMinutes(1));
        var fired = watched.Sink.Notices[0];
        Assert.Equal((CauseKinds.Source, "fake", 5), (fired.CauseKind, fired.Source, fired.Count));
        Assert.All(watched.Sink.Notices, static n => Assert.Equal(CauseKinds.Source, n.CauseKind));
        source.Answer = static _ => null;
        await watched.RunToAsync(130, TimeSpan.FromSeconds(30));
        Assert.Single(watched.Sink.Of(IncidentNoticeKind.Resolved));
        // Its clocks go on.
        await watched.RunToAsync(180, TimeSpan.FromMinutes(1));
        Assert.Contains(watched.Sink.Notices, static n => n is { Gate: Gates.MainCi, Count: 5, Kind: IncidentNoticeKind.Fired });
    }

    [Fact]
    public async Task A_source_that_goes_away_while_its_items_are_overdue_resolves_nothing()
    {
        var source = new FakeSource();
        foreach (var fact in Watched.Merged(1, 0)) source.Happens(Given.At(0), fact);
        using var watched = new Watched(loop: l => l.AddAdapter(_ => source.Register()));
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        Assert.Single(watched.Sink.Of(IncidentNoticeKind.Fired));
        source.Answer = static _ => ProbeResult.Unreachable("connection refused");
        await watched.RunToAsync(90, TimeSpan.FromMinutes(1));
        Assert.Empty(watched.Sink.Of(IncidentNoticeKind.Resolved));
        source.Answer = static _ => null;
        source.Happens(watched.Now, Given.Built(1, GateStatus.Passed, watched.Minute, Watched.Sha(1)));
        await watched.RunToAsync(110, TimeSpan.FromSeconds(30));
        Assert.Single(watched.Sink.Of(IncidentNoticeKind.Resolved), static n => n.Gate == Gates.MainCi);
    }

    [Fact]
    public async Task After_a_restart_incidents_go_on_and_nothing_is_told_twice_or_resolved_for_want_of_looking()
    {
        var store = new InMemoryLoopStore();
        var source = new FakeSource();
        foreach (var fact in Watched.Merged(1, 0)) source.Happens(Given.At(0), fact);
        var sink = new RecordingSink();
        using var first = new Watched(loop: l => l.AddAdapter(_ => source.Register()), store: store, sink: sink);
        await first.MergeAsync(1);
        await first.RunToAsync(31);
        Assert.Single(sink.Notices);
        for (int i = 0; i < 5; i++)
        {
            using var next = new Watched(loop: l => l.AddAdapter(_ => source.Register()), store: store, time: first.System.Time, sink: sink);
            await next.RunToAsync(next.Minute + 4);
        }
        Assert.Single(sink.Notices);
        using var last = new Watched(loop: l => l.AddAdapter(_ => source.Register()), store: store, time: first.System.Time, sink: sink);
        source.Happens(last.Now, Given.Built(1, GateStatus.Passed, last.Minute, Watched.Sha(1)));
        await last.RunToAsync(last.Minute + 5);
        Assert.Equal("Fired Warning 1; Resolved Warning 1", sink.Story);
    }

    [Fact]
    public async Task A_line_that_was_red_before_a_restart_is_told_when_its_time_has_come_with_all_its_items()
    {
        var store = new InMemoryLoopStore();
        using var first = new Watched(store: store);
        await first.MergeAsync(1, 0);
        await first.MergeAsync(2, 1);
        await first.RunToAsync(5);
        await first.BuildAsync(1, GateStatus.Failed, 1, 2);
        await first.RunToAsync(10);
        using var second = new Watched(store: store, time: first.System.Time);
        await second.RunToAsync(21);
        Assert.Equal("Fired Warning 2", second.Sink.Story);
        Assert.InRange(second.Sink.Notices[0].At, Given.At(20), Given.At(20) + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Two_nodes_on_one_store_tell_each_notice_once()
    {
        var store = new InMemoryLoopStore();
        var sink = new RecordingSink();
        using var a = new Watched(store: store, sink: sink);
        using var b = new Watched(store: store, sink: sink, time: a.System.Time);
        for (int i = 1; i <= 3; i++) await a.MergeAsync(i);
        for (double minute = 0; minute <= 100; minute += 0.5)
        {
            if (a.System.Time.GetUtcNow() < Given.At(minute)) a.System.Time.AdvanceTo(Given.At(minute));
            await (((int)(minute * 2) % 3) == 0 ? b : a).System.Engine.RunDueAsync(default);
            await (((int)(minute * 2) % 3) == 0 ? a : b).System.Engine.RunDueAsync(default);
        }
        Assert.Equal("Fired Warning 3; Escalated Error 3", sink.Story);
    }

    [Fact]
    public async Task An_alert_goes_to_the_role_that_owns_the_gate_never_to_the_session_that_made_the_change()
    {
        using var watched = new Watched(a => a.Configure(o =>
        {
            o.Owners.Add(new OwnerRule("payments-team") { Repository = "acme/pay*" });
            o.Owners.Add(new OwnerRule("ci-team") { Gate = Gates.MainCi });
        }));
        await watched.MergeAsync(1);
        await watched.RunToAsync(31);
        Assert.Equal("ci-team", Assert.Single(watched.Sink.Notices).Owner);
    }

    [Fact]
    public async Task Routes_choose_the_sinks_and_a_sink_that_joins_late_hears_the_end()
    {
        var (pager, chat) = (new RecordingSink("pager"), new RecordingSink("chat"));
        using var watched = new Watched(a => a.AddSink(_ => pager).AddSink(_ => chat).Configure(o =>
        {
            o.Routes.Add(new IncidentRoute { Sinks = ["chat"] });
            o.Routes.Add(new IncidentRoute { Sinks = ["pager"], AtLeast = IncidentSeverity.Critical });
        }));
        await watched.MergeAsync(1);
        await watched.RunToAsync(300, TimeSpan.FromMinutes(1));
        Assert.Empty(watched.Sink.Notices);
        Assert.Equal("Escalated Critical 1", string.Join("; ", pager.Notices.Take(1).Select(static n => $"{n.Kind} {n.Severity} {n.Count}")));
        await watched.BuildAsync(1, GateStatus.Passed, 1);
        await watched.RunToAsync(305);
        Assert.Single(pager.Of(IncidentNoticeKind.Resolved));
        Assert.Single(chat.Of(IncidentNoticeKind.Resolved));
    }

    [Fact]
    public async Task Urgent_items_make_an_incident_an_error_at_once()
    {
        using var watched = new Watched();
        await watched.MergeAsync(1, priority: "P0");
        await watched.RunToAsync(31);
        Assert.Equal((IncidentSeverity.Error, "P0"), (watched.Sink.Notices[0].Severity, watched.Sink.Notices[0].Priority));
    }

    [Fact]
    public async Task More_work_in_than_out_for_hours_is_told()
    {
        using var watched = new Watched(a => a.Configure(o => o.RedLineAfter = null));
        for (int hour = 0; hour < 8; hour++)
        {
            for (int i = 0; i < 5; i++) await watched.System.TakeAsync(Given.Opened(Given.Item((hour * 100) + i), watched.Minute));
            await watched.RunToAsync((hour + 1) * 60, TimeSpan.FromMinutes(5));
        }
        var fired = Assert.Single(watched.Sink.Notices, static n => n.CauseKind == CauseKinds.RisingWip && n.Kind == IncidentNoticeKind.Fired);
        Assert.True(fired.Count >= 30, fired.Summary);
    }

    [Fact]
    public async Task What_was_history_when_alerting_was_added_is_not_read_again_and_what_is_overdue_then_is_told()
    {
        var store = new InMemoryLoopStore();
        using (var before = new LoopFixture(store: store))
        {
            await before.TakeAsync(Watched.Merged(1, 0));
            await before.RunAsync(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(1));
        }
        using var watched = new Watched(store: store);
        watched.System.Time.AdvanceTo(Given.At(41));
        await watched.RunToAsync(45);
        Assert.Equal("Fired Warning 1", watched.Sink.Story);
    }

    private static async Task<Incident> AgreesAsync(Watched watched, DateTimeOffset since)
    {
        var incident = Assert.Single(await watched.Incidents.ListAsync(), static i => i.Gate == Gates.MainCi);
        Assert.Equal(since, incident.Since);
        Assert.Contains($" since {since.UtcDateTime:yyyy-MM-dd HH:mm} UTC (", incident.Summary, StringComparison.Ordinal);
        return incident;
    }
}
