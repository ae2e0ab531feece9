using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Alerting.Sinks;
using ClosedLoop.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class LogSinkTests
{
    [Fact]
    public void Every_host_that_has_incidents_has_it_once()
    {
        var services = new ServiceCollection();
        services.AddClosedLoop(static loop => loop.AddAlerting().AddAlerting(static alerts => alerts.AddSlack(static o => o.WebhookUrl = new Uri("https://hooks.slack.com/services/x"))));
        Assert.Single(services, static s => s.ImplementationType == typeof(LogIncidentSink));
    }

    [Fact]
    public void What_is_told_to_it_is_taken()
    {
        using var services = new ServiceCollection().AddClosedLoop(static loop => loop.AddAlerting().AddAlerting()).BuildServiceProvider();
        Assert.Single(services.GetServices<IOutboxConsumer>(), static c => c.Name == "incident:log");
        Assert.Single(services.GetServices<IIncidentSink>(), static s => s.Name == "log");
    }

    [Theory]
    [InlineData(IncidentNoticeKind.Fired, IncidentSeverity.Warning, LogLevel.Warning)]
    [InlineData(IncidentNoticeKind.Repeated, IncidentSeverity.Error, LogLevel.Error)]
    [InlineData(IncidentNoticeKind.Escalated, IncidentSeverity.Critical, LogLevel.Critical)]
    [InlineData(IncidentNoticeKind.Acknowledged, IncidentSeverity.Critical, LogLevel.Information)]
    [InlineData(IncidentNoticeKind.Resolved, IncidentSeverity.Critical, LogLevel.Information)]
    public async Task An_incident_is_one_line_at_the_level_of_its_severity(IncidentNoticeKind kind, IncidentSeverity severity, LogLevel level)
    {
        await using var host = new SinkHost(static a => a.AddLog().AddLog());
        Assert.Equal("log", host.Sink.Name);
        await host.Sink.DeliverAsync(Notices.Hostile(kind) with { Severity = severity, Cause = "source:github", Count = 7 }, null, default);
        var line = Assert.Single(host.Log.Lines);
        Assert.Equal(level, line.Level);
        Assert.DoesNotContain(line.Text, static c => char.IsControl(c));
        Assert.Contains(new KeyValuePair<string, object?>("Cause", "source:github"), line.Fields);
        Assert.Contains(new KeyValuePair<string, object?>("Count", 7), line.Fields);
        Assert.Contains(new KeyValuePair<string, object?>("NoticeKey", "inc-1/1/1"), line.Fields);
    }
}
