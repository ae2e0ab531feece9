using ClosedLoop.Alerting.Sinks;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Alerting;

/// <summary>Tells a Slack channel of incidents.</summary>
public static class SlackAlertingBuilderExtensions
{
    /// <summary>Adds a Slack channel, through an incoming webhook or as a bot.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static AlertingBuilder AddSlack(this AlertingBuilder alerts, Action<SlackOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new SlackOptions();
        configure(options);
        return SinkRegistration.Add(alerts, options, SlackOptionsRules.Check(options), (_, post) => options.WebhookUrl is null ? new SlackBotSink(options, post) : new SlackWebhookSink(options, post));
    }
}
