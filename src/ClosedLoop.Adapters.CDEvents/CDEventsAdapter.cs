using System.Collections.Immutable;
using ClosedLoop.Adapters.CDEvents.Incoming;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Producers of CDEvents (0.4 and 0.5, by the CloudEvents HTTP binding) as writers of the gates, each of those that it is configured for.</summary>
public static class CDEventsAdapter
{
    /// <summary>The adapter's name and the last segment of its webhook's address: <c>cdevents</c>.</summary>
    public const string Name = "cdevents";

    /// <summary>The largest webhook body that is taken: 1 MB.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>Makes the adapter from options, which are checked and copied. It has no probe: events have no source to read again.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(CDEventsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = CDEventsOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException(CDEventsOptionsValidation.Section, typeof(CDEventsOptions), problems);
        var settings = CDEventsSettings.From(options);
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [.. settings.Rules.SelectMany(static r => r.Roles.Select(role => r.As(role))).Distinct().Order()],
            Gates = [.. settings.Rules.SelectMany(static r => r.Roles.SelectMany(GatesOf)).Distinct(StringComparer.Ordinal)],
            Authenticator = new CDEventsAuthenticator([.. settings.Rules.Select(static r => r.Secret).Distinct()]),
            Translator = new CDEventsTranslator(settings),
            MaxBodyBytes = MaxBodyBytes,
            MalformedStatusCode = 400,
        };
    }

    /// <summary>Says what the adapter makes of an event, of a CloudEvent around it, or of a list of either; of any source, as each role that its subject has.</summary>
    /// <param name="input">JSON.</param>
    /// <param name="eventName">Not used: the type is in the event.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName)
    {
        var translation = new CDEventsTranslator(CDEventsSettings.Open()).Translate(new WebhookDelivery
        {
            Source = Name,
            Headers = ImmutableDictionary<string, string>.Empty,
            Body = input,
            ReceivedAt = DateTimeOffset.MaxValue,
        });
        return PayloadExplanation.Of(translation);
    }

    private static string[] GatesOf(string role) => role switch
    {
        WriterRoles.SourceControl => [Gates.PrOpened, Gates.Reviewed, Gates.Merged],
        WriterRoles.Ci => [Gates.MainCi, Gates.ImageBuilt],
        WriterRoles.Registry => [Gates.ImageBuilt],
        WriterRoles.Deployer => [Gates.RolledOut],
        _ => [Gates.Healthy],
    };
}
