using System.Text.Json;
using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>The sink and the real Alertmanager, as amtool sees it.</summary>
public sealed class RealAlertmanagerTests
{
    private const string Red = "line:acme/web@main/main-ci";
    private const string Blind = "source:jenkins";

    [Fact]
    public async Task Two_incidents_of_a_kind_are_grouped_told_once_however_often_they_are_repeated_and_resolved_once()
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server);
        var other = Incident("inc-2", "line:acme/api@main/main-ci") with { Repository = "acme/api" };
        string? red = await host.Sink.DeliverAsync(Incident("inc-1", Red), null, default);
        string? second = await host.Sink.DeliverAsync(other, null, default);
        await AlertmanagerServer.UntilAsync(() => Task.FromResult(server.Told(Red).Length > 0 && server.Told(other.Cause).Length > 0), "a notification");
        for (int i = 0; i < 20; i++) await host.Standing.RefreshAsync([Incident("inc-1", Red) with { Count = i, Title = $"round {i}" }, other with { Count = i }], [Pulse()], default);
        Assert.Equal([other.Cause, Red], (await server.AlertsAsync()).Select(Cause).Order(StringComparer.Ordinal));
        Assert.Equal("19", (await server.AlertsAsync()).First(static a => Cause(a) == Red).GetProperty("annotations").GetProperty("count").GetString());
        Assert.Single(await server.AlertsAsync("ClosedLoopWatchdog"));
        await host.Sink.DeliverAsync(Incident("inc-1", Red) with { Kind = IncidentNoticeKind.Resolved, Number = 2, Severity = IncidentSeverity.Critical, Count = 0 }, red, default);
        Assert.Equal([other.Cause], (await server.AlertsAsync()).Select(Cause));
        await AlertmanagerServer.UntilAsync(() => Task.FromResult(server.Told(Red).Contains("resolved")), "the resolution");
        // A round that was on its way raises nothing again.
        await host.Standing.RefreshAsync([Incident("inc-1", Red), other], [Pulse()], default);
        Assert.Equal([other.Cause], (await server.AlertsAsync()).Select(Cause));
        await host.Sink.DeliverAsync(other with { Kind = IncidentNoticeKind.Resolved, Number = 2 }, second, default);
        await AlertmanagerServer.UntilAsync(() => Task.FromResult(server.Told(other.Cause).Contains("resolved")), "the second resolution");
        Assert.Empty(await server.AlertsAsync());
        // The group was told when it began, at most once more when the second joined, and when each ended: never for a repetition.
        Assert.InRange(server.Notified.Requests.Count, 3, 4);
        Assert.Single(server.Told(Red), static s => s == "resolved");
        Assert.Single(server.Told(other.Cause), static s => s == "resolved");
        Assert.All(server.Notified.Requests, static r => Assert.Equal("line", r.Json.GetProperty("groupLabels").GetProperty("cause_kind").GetString()));
    }

    [Fact]
    public async Task Killed_and_started_again_it_sees_one_alert_for_each_cause_after_the_next_round()
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server);
        IncidentNotice[] firing = [Incident("inc-1", Red), Incident("inc-2", Blind) with { CauseKind = CauseKinds.Source, Source = "jenkins", Gate = null, Repository = null, Branch = null }];
        foreach (var notice in firing) await host.Sink.DeliverAsync(notice, null, default);
        Assert.Equal(2, (await server.AlertsAsync()).Length);
        await server.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Standing.RefreshAsync(firing, [Pulse()], default).AsTask());
        await server.RestartAsync();
        Assert.Empty(await server.AlertsAsync());
        await host.Standing.RefreshAsync(firing, [Pulse()], default);
        Assert.Equal([Red, Blind], (await server.AlertsAsync()).Select(Cause).Order(StringComparer.Ordinal));
        // And it can still be ended: by us too when we were started anew meanwhile.
        await using var restarted = Host(server);
        await restarted.Sink.DeliverAsync(firing[0] with { Kind = IncidentNoticeKind.Resolved, Number = 2 }, "|team-web", default);
        Assert.Equal([Blind], (await server.AlertsAsync()).Select(Cause));
    }

    [Fact]
    public async Task A_silence_suppresses_the_alert_through_repetitions_and_escalations_until_it_ends()
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server);
        string silence = (await server.AmtoolAsync("silence", "add", $"cause=\"{Red}\"", "--author=ada", "--comment=known", "--duration=1h")).Trim();
        await host.Sink.DeliverAsync(Incident("inc-1", Red), null, default);
        await host.Sink.DeliverAsync(Incident("inc-1", Red) with { Kind = IncidentNoticeKind.Escalated, Number = 2, Severity = IncidentSeverity.Critical }, "|team-web", default);
        await host.Standing.RefreshAsync([Incident("inc-1", Red) with { Number = 2, Severity = IncidentSeverity.Critical }], [Pulse()], default);
        await AlertmanagerServer.UntilAsync(async () => (await server.AlertsAsync("ClosedLoopIncident", "--silenced")).Any(static a => a.GetProperty("status").GetProperty("state").GetString() == "suppressed"), "the suppressed alert");
        var suppressed = Assert.Single(await server.AlertsAsync("ClosedLoopIncident", "--silenced"));
        Assert.Equal(silence, suppressed.GetProperty("status").GetProperty("silencedBy")[0].GetString());
        Assert.Equal("critical", suppressed.GetProperty("annotations").GetProperty("severity").GetString());
        Assert.Empty(server.Notified.Requests);
        await server.AmtoolAsync("silence", "expire", silence);
        await AlertmanagerServer.UntilAsync(() => Task.FromResult(server.Told(Red).Length > 0), "the notification after the silence");
        Assert.Equal(["firing"], server.Told(Red));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_escalation_leaves_one_active_alert(bool severityAsLabel)
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server, o => o.SeverityAsLabel = severityAsLabel);
        string? handle = await host.Sink.DeliverAsync(Incident("inc-1", Red), null, default);
        foreach (var severity in (IncidentSeverity[])[IncidentSeverity.Error, IncidentSeverity.Critical])
        {
            var escalated = Incident("inc-1", Red) with { Kind = IncidentNoticeKind.Escalated, Number = 1 + (int)severity, Severity = severity };
            handle = await host.Sink.DeliverAsync(escalated, handle, default);
            await host.Standing.RefreshAsync([escalated], [], default);
            var active = Assert.Single(await server.AlertsAsync());
            string name = severity.ToString().ToLowerInvariant();
            Assert.Equal(name, active.GetProperty("annotations").GetProperty("severity").GetString());
            Assert.Equal(severityAsLabel ? name : null, active.GetProperty("labels").TryGetProperty("severity", out var label) ? label.GetString() : null);
        }
        await host.Sink.DeliverAsync(Incident("inc-1", Red) with { Kind = IncidentNoticeKind.Resolved, Number = 4, Severity = IncidentSeverity.Critical }, handle, default);
        Assert.Empty(await server.AlertsAsync());
    }

    [Fact]
    public async Task An_enemys_text_and_a_clock_that_is_ahead_are_taken()
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server);
        var hostile = Notices.Hostile() with { Cause = "source:\u202Ex\n\"}]", Since = TimeProvider.System.GetUtcNow().AddHours(1) };
        await host.Sink.DeliverAsync(hostile, null, default);
        Assert.Single(await server.AlertsAsync());
        await host.Sink.DeliverAsync(hostile with { Kind = IncidentNoticeKind.Resolved }, null, default);
        Assert.Empty(await server.AlertsAsync());
    }

    [Fact]
    public async Task Something_else_at_the_address_is_not_taken_for_an_Alertmanager()
    {
        await using var server = await AlertmanagerServer.StartAsync();
        await using var host = Host(server, o => o.Addresses[0] = new Uri(server.Address, "not-below-here/"));
        await Assert.ThrowsAsync<HttpRequestException>(() => host.Sink.DeliverAsync(Incident("inc-1", Red), null, default).AsTask());
    }

    private static IncidentNotice Incident(string id, string cause) => Notices.Of(incident: id) with { Cause = cause, Since = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1), At = TimeProvider.System.GetUtcNow() };

    private static Pulse Pulse() => Notices.Pulse("engine", TimeProvider.System.GetUtcNow());

    private static string Cause(JsonElement alert) => alert.GetProperty("labels").GetProperty("cause").GetString()!;

    private static SinkHost Host(AlertmanagerServer server, Action<AlertmanagerOptions>? configure = null) => new(
        a => a.AddAlertmanager(o =>
        {
            o.Addresses.Add(server.Address);
            o.RefreshEvery = TimeSpan.FromSeconds(10);
            configure?.Invoke(o);
        }),
        TimeProvider.System);
}
