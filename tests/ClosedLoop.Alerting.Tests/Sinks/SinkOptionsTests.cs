using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting.Tests.Sinks;

public sealed class SinkOptionsTests
{
    private const string Canary = "canary-8d1f";

    public static TheoryData<string, string[]> Wrong() => new()
    {
        { "slack-none", ["Alerting:Slack:WebhookUrl is not set; set an incoming webhook's address, or BotToken and Channel."] },
        { "slack-both", ["Alerting:Slack:BotToken is set beside WebhookUrl; "] },
        { "slack-scheme", ["Alerting:Slack:WebhookUrl is not an absolute http or https address; copy "] },
        { "slack-bot", ["Alerting:Slack:team-web:BotToken holds a space", "Alerting:Slack:team-web:Channel is not set; set the channel's id"] },
        { "slack-name", ["Alerting:Slack:Team Web:Name is 'Team Web'; use up to 60 lower-case letters", "Alerting:Slack:Team Web:Timeout is 00:00:00; use 00:00:01 to 00:01:00."] },
        { "mattermost-none", ["Alerting:Mattermost:WebhookUrl is not set; set an incoming webhook's address, or Server, Token and ChannelId."] },
        { "mattermost-bot", ["Alerting:Mattermost:Server is not set; ", "Alerting:Mattermost:ChannelId is not a channel's id; "] },
        { "mattermost-both", ["Alerting:Mattermost:Token is set beside WebhookUrl; "] },
        { "pagerduty-none", ["Alerting:PagerDuty:RoutingKey is not set; copy the integration key"] },
        { "pagerduty-key", ["Alerting:PagerDuty:RoutingKey is not 32 letters and digits; ", "Alerting:PagerDuty:ClientUrl is not an absolute http or https address; "] },
        { "changes", ["Alerting:PagerDutyChangeEvents:RoutingKey is not set; "] },
        { "alertmanager-none", ["Alerting:Alertmanager:Addresses lists 0 addresses; list 1 to 10"] },
        { "alertmanager", ["Addresses:0 holds a user name or password; ", "Addresses:1 has a query or a fragment; ", "Addresses:2 has a query or a fragment; ", "Addresses:2 is listed twice; ", "RefreshEvery is 00:00:01; ", "BatchSize is 0; ", "Labels:'a-b' is not a label's name; ", "Labels:'owner' is a label of the sink's own; ", "Labels:'empty' is empty"] },
        { "webhook-none", ["Alerting:Webhook:Url is not set; ", "Alerting:Webhook:Secrets lists 0 secrets; list 1 to 5, each whsec_"] },
        { "webhook-secret", ["Alerting:Webhook:Secrets:0 is not a secret; ", "Alerting:Webhook:Secrets:1 is not a secret; "] },
        { "heartbeat", ["Alerting:Heartbeat:Url is not set; ", "Alerting:Heartbeat:Every is 00:00:01; use 00:00:10 to 00:10:00.", "Alerting:Heartbeat:FreshWithin is 1.00:00:00; "] },
        { "log", ["Alerting:Webhook:log:Name is 'log', as another sink's is; give each a Name of its own."] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_refused_with_its_path_and_the_fix_and_without_its_secret(string which, string[] problems)
    {
        var builder = new AlertingBuilder(new ServiceCollection());
        var refused = Assert.Throws<OptionsValidationException>(() => Add(builder, which));
        Assert.Equal(problems.Length, refused.Failures.Count());
        foreach (string problem in problems) Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_sinks_do_not_share_a_name()
    {
        var builder = new AlertingBuilder(new ServiceCollection());
        builder.AddSlack(static o => o.WebhookUrl = new Uri("https://hooks.slack.com/services/x"));
        var refused = Assert.Throws<OptionsValidationException>(() => builder.AddSlack(static o => o.WebhookUrl = new Uri("https://hooks.slack.com/services/y")));
        Assert.Equal("Alerting:Slack:Name is 'slack', as another sink's is; give each a Name of its own.", refused.Message);
        builder.AddSlack(static o => (o.Name, o.WebhookUrl) = ("slack-2", new Uri("https://hooks.slack.com/services/y")));
    }

    [Fact]
    public void The_defaults_are_as_documented()
    {
        var alertmanager = new AlertmanagerOptions();
        Assert.Equal(("alertmanager", TimeSpan.FromMinutes(1), false, 500, TimeSpan.FromSeconds(10)), (alertmanager.Name, alertmanager.RefreshEvery, alertmanager.SeverityAsLabel, alertmanager.BatchSize, alertmanager.Timeout));
        Assert.Equal(("pagerduty", "https://events.pagerduty.com/", "closedloop", "ClosedLoop"), (new PagerDutyOptions().Name, new PagerDutyOptions().Endpoint.AbsoluteUri, new PagerDutyOptions().Source, new PagerDutyOptions().Client));
        Assert.Equal(("slack", true, "https://slack.com/api/"), (new SlackOptions().Name, new SlackOptions().ReplyInThread, new SlackOptions().ApiAddress.AbsoluteUri));
        Assert.Equal(("mattermost", true, "webhook"), (new MattermostOptions().Name, new MattermostOptions().ReplyInThread, new IncidentWebhookOptions().Name));
        var heartbeat = new HeartbeatOptions();
        Assert.Equal(("heartbeat", false, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)), (heartbeat.Name, heartbeat.Post, heartbeat.Every, heartbeat.FreshWithin));
    }

    private static AlertingBuilder Add(AlertingBuilder alerts, string which) => which switch
    {
        "slack-none" => alerts.AddSlack(static _ => { }),
        "slack-both" => alerts.AddSlack(static o => (o.WebhookUrl, o.BotToken) = (new Uri("https://hooks.slack.com/services/" + Canary), Canary)),
        "slack-scheme" => alerts.AddSlack(static o => o.WebhookUrl = new Uri("ftp://hooks.slack.com/" + Canary)),
        "slack-bot" => alerts.AddSlack(static o => (o.Name, o.BotToken) = ("team-web", "xoxb " + Canary)),
        "slack-name" => alerts.AddSlack(static o => (o.Name, o.WebhookUrl, o.Timeout) = ("Team Web", new Uri("https://hooks.slack.com/" + Canary), TimeSpan.Zero)),
        "mattermost-none" => alerts.AddMattermost(static _ => { }),
        "mattermost-bot" => alerts.AddMattermost(static o => (o.Token, o.ChannelId) = (Canary, "town-square")),
        "mattermost-both" => alerts.AddMattermost(static o => (o.WebhookUrl, o.Token) = (new Uri("https://chat.example.org/hooks/" + Canary), Canary)),
        "pagerduty-none" => alerts.AddPagerDuty(static _ => { }),
        "pagerduty-key" => alerts.AddPagerDuty(static o => (o.RoutingKey, o.ClientUrl) = (Canary, new Uri("file:///board"))),
        "changes" => alerts.AddPagerDutyChangeEvents(static _ => { }),
        "alertmanager-none" => alerts.AddAlertmanager(static _ => { }),
        "alertmanager" => alerts.AddAlertmanager(static o =>
        {
            o.Addresses.Add(new Uri($"http://user:{Canary}@a:9093/"));
            o.Addresses.Add(new Uri("http://b:9093/?x=1"));
            o.Addresses.Add(new Uri("http://b:9093/?x=1"));
            (o.RefreshEvery, o.BatchSize) = (TimeSpan.FromSeconds(1), 0);
            o.Labels["a-b"] = "x";
            o.Labels["owner"] = "x";
            o.Labels["empty"] = " ";
        }),
        "webhook-none" => alerts.AddWebhook(static _ => { }),
        "webhook-secret" => alerts.AddWebhook(static o =>
        {
            o.Url = new Uri("https://example.org/" + Canary);
            o.Secrets.Add(Canary);
            o.Secrets.Add("whsec_c2hvcnQ=");
        }),
        "heartbeat" => alerts.AddHeartbeat(static o => (o.Every, o.FreshWithin) = (TimeSpan.FromSeconds(1), TimeSpan.FromDays(1))),
        "log" => alerts.AddWebhook(static o =>
        {
            (o.Name, o.Url) = ("log", new Uri("https://example.org/"));
            o.Secrets.Add("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        }),
        _ => throw new ArgumentOutOfRangeException(nameof(which)),
    };
}
