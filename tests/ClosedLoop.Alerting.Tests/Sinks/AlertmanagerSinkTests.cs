using System.Text.Json;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class AlertmanagerSinkTests
{
    [Fact]
    public async Task What_stays_is_a_label_and_what_moves_an_annotation()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o =>
        {
            o.Addresses.Add(new Uri(receiver.Address, "am"));
            o.Labels["cluster"] = "eu";
            o.Runbook = static n => new Uri("https://wiki.example.org/" + n.CauseKind);
        });
        Assert.Equal("|team-web", await host.Sink.DeliverAsync(Notices.Of(), null, default));
        Assert.Equal(("POST", "/am/api/v2/alerts", "application/json; charset=utf-8"), (receiver.Last.Method, receiver.Last.Path, receiver.Last.Headers["Content-Type"]));
        Assert.Equal(
            """[{"labels":{"alertname":"ClosedLoopIncident","cause_kind":"line","cause":"line:acme/web@main/main-ci","gate":"main-ci","repository":"acme/web","branch":"main","owner":"team-web","cluster":"eu"},"annotations":{"title":"main-ci is red on acme/web main","summary":"Build 311 failed, 40 items wait behind it.","next_action":"Fix or revert 9f2c.","severity":"warning","count":"40","oldest_item":"BL-42 (Fix login)","priority":"P1","since":"2026-01-05T06:55:00.000Z","incident":"inc-1","runbook":"https://wiki.example.org/line"},"startsAt":"2026-01-05T06:55:00.000Z","endsAt":"2026-01-05T09:04:00.000Z","generatorURL":"https://ci.example.org/job/web/311/?a=1\u0026b=2"}]""",
            receiver.Last.Text);
    }

    [Fact]
    public async Task The_end_has_the_same_labels_and_ends_now()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        string? handle = await host.Sink.DeliverAsync(Notices.Of(), null, default);
        string labels = receiver.Last.Json[0].GetProperty("labels").GetRawText();
        Assert.Null(await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Resolved, 2) with { Count = 0, Severity = IncidentSeverity.Critical, OldestItemId = null }, handle, default));
        var end = Assert.Single(receiver.Last.Json.EnumerateArray());
        Assert.Equal(labels, end.GetProperty("labels").GetRawText());
        Assert.Equal("2026-01-05T09:00:00.000Z", end.GetProperty("endsAt").GetString());
    }

    [Fact]
    public async Task A_severity_that_rises_is_no_other_alert()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 2) with { Severity = IncidentSeverity.Critical }, "|team-web", default);
        await host.Standing.RefreshAsync([Notices.Of(IncidentNoticeKind.Escalated, 2) with { Severity = IncidentSeverity.Critical, Count = 99, Title = "other" }], [], default);
        Assert.Single(receiver.Requests.SelectMany(static r => r.Json.EnumerateArray()).Select(static a => a.GetProperty("labels").GetRawText()).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task As_a_label_the_former_severity_is_ended(bool restarted)
    {
        await using var receiver = await Receiver.StartAsync();
        var first = Host(With);
        string? handle = await first.Sink.DeliverAsync(Notices.Of(), null, default);
        Assert.Equal("warning|team-web", handle);
        await using var host = restarted ? Host(With) : first;
        Assert.Equal("critical|team-web", await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Escalated, 2) with { Severity = IncidentSeverity.Critical }, handle, default));
        Assert.Equal([("critical", "2026-01-05T09:04:00.000Z"), ("warning", "2026-01-05T09:00:00.000Z")], receiver.Last.Json.EnumerateArray().Select(static a => (a.GetProperty("labels").GetProperty("severity").GetString()!, a.GetProperty("endsAt").GetString()!)));

        void With(AlertmanagerOptions o)
        {
            o.SeverityAsLabel = true;
            o.Addresses.Add(receiver.Address);
        }
    }

    [Fact]
    public async Task An_owner_who_changes_is_another_alert_and_the_former_is_ended_in_a_round_too()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        await host.Standing.RefreshAsync([Notices.Of() with { Owner = "team-ops" }], [], default);
        Assert.Equal([("team-ops", "2026-01-05T09:04:00.000Z"), ("team-web", "2026-01-05T09:00:00.000Z")], receiver.Last.Json.EnumerateArray().Select(static a => (a.GetProperty("labels").GetProperty("owner").GetString()!, a.GetProperty("endsAt").GetString()!)));
        await host.Standing.RefreshAsync([Notices.Of() with { Owner = "team-ops" }], [], default);
        Assert.Single(receiver.Last.Json.EnumerateArray());
    }

    [Fact]
    public async Task A_round_tells_the_watchdog_and_all_that_fires_in_batches()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o =>
        {
            o.Addresses.Add(receiver.Address);
            o.BatchSize = 40;
        });
        var firing = Enumerable.Range(0, 99).Select(static i => Notices.Of(incident: $"inc-{i}") with { Cause = $"cause-{i}" }).ToArray();
        await host.Standing.RefreshAsync(firing, [Notices.Pulse("engine", Notices.Now), Notices.Pulse("github", Notices.Now - TimeSpan.FromMinutes(4))], default);
        Assert.Equal([40, 40, 20], receiver.Requests.Select(static r => r.Json.GetArrayLength()));
        Assert.Equal(
            """{"labels":{"alertname":"ClosedLoopWatchdog","source":"engine"},"annotations":{"summary":"Always fires while ClosedLoop is alive. Worry when it stops.","at":"2026-01-05T09:00:00.000Z","last_good_poll":"2026-01-05T08:59:50.000Z","lag_seconds":"1.5","cursor":"42"},"startsAt":"2026-01-05T09:00:00.000Z","endsAt":"2026-01-05T09:04:00.000Z"}""",
            receiver.Requests.First().Json[0].GetRawText());
        Assert.DoesNotContain(receiver.Requests, static r => r.Text.Contains("\"github\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_fires_and_nothing_is_sent()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        await host.Standing.RefreshAsync([], [], default);
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task A_round_that_began_before_the_end_does_not_raise_the_alert_again()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        await host.Sink.DeliverAsync(Notices.Of(IncidentNoticeKind.Resolved, 5), null, default);
        await host.Standing.RefreshAsync([Notices.Of(IncidentNoticeKind.Repeated, 4)], [], default);
        Assert.Single(receiver.Requests);
        await host.Standing.RefreshAsync([Notices.Of(IncidentNoticeKind.Fired, 6) with { Episode = 2 }], [], default);
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task Every_replica_is_told_and_one_is_enough()
    {
        await using var first = await Receiver.StartAsync();
        await using var second = await Receiver.StartAsync();
        first.Answers(503);
        await using var host = Host(o =>
        {
            o.Addresses.Add(first.Address);
            o.Addresses.Add(second.Address);
        });
        await host.Sink.DeliverAsync(Notices.Of(), null, default);
        await host.Standing.RefreshAsync([Notices.Of()], [], default);
        Assert.Equal(2, second.Requests.Count);
        Assert.Single(host.Log.Lines, static l => l.Level == LogLevel.Warning && l.Text.Contains("does not take alerts", StringComparison.Ordinal));
        first.Answer = null;
        await host.Standing.RefreshAsync([Notices.Of()], [], default);
        Assert.Single(host.Log.Lines, static l => l.Text.Contains("takes alerts again", StringComparison.Ordinal));
        first.Answers(503);
        second.Answers(503);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Notices.Of(), null, default).AsTask());
    }

    [Fact]
    public async Task A_batch_that_is_refused_does_not_keep_the_others_back()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = static (_, before) => before == 0 ? (400, "\"bad label\"", []) : (200, "", []);
        await using var host = Host(o =>
        {
            o.Addresses.Add(receiver.Address);
            o.BatchSize = 1;
        });
        var refused = await Assert.ThrowsAsync<UndeliverableNoticeException>(() => host.Standing.RefreshAsync([Notices.Of(), Notices.Of(incident: "inc-2")], [], default).AsTask());
        Assert.Contains("bad label", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, receiver.Requests.Count);
    }

    [Fact]
    public async Task An_enemys_text_is_cut_and_empty_labels_are_left_out()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var host = Host(o => o.Addresses.Add(receiver.Address));
        await host.Sink.DeliverAsync(Notices.Hostile() with { Gate = "", Repository = "\u200B", Since = Notices.Now.AddDays(1) }, null, default);
        Assert.InRange(receiver.Last.Body.Length, 500, 30_000);
        var alert = receiver.Last.Json[0];
        Assert.False(alert.GetProperty("labels").TryGetProperty("gate", out _));
        Assert.False(alert.GetProperty("labels").TryGetProperty("repository", out _));
        Assert.False(alert.TryGetProperty("generatorURL", out _));
        Assert.Equal("2026-01-05T09:00:00.000Z", alert.GetProperty("startsAt").GetString());
        Assert.All(alert.GetProperty("labels").EnumerateObject().Concat(alert.GetProperty("annotations").EnumerateObject()), static p => Assert.DoesNotContain(p.Value.GetString()!, static c => char.IsControl(c)));
    }

    private static SinkHost Host(Action<AlertmanagerOptions> configure) => new(a => a.AddAlertmanager(configure));
}
