using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters;

/// <summary>One adapter: who it may speak for, which gates it feeds, how it is read and how often.</summary>
/// <remarks>Immutable after registration; the parts that it names must be safe from several threads.</remarks>
public sealed class AdapterRegistration
{
    /// <summary>The adapter's name and the last segment of its webhook's address: lower-case letters, digits and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>The writers whose facts it may bring; facts of any other writer are refused and recorded.</summary>
    public required ImmutableArray<Writer> Writers { get; init; }

    /// <summary>The gates it feeds: these are blind while it cannot be reached.</summary>
    public ImmutableArray<string> Gates { get; init; } = [];

    /// <summary>Checks who sent a webhook. Null: this adapter takes no webhooks.</summary>
    public IWebhookAuthenticator? Authenticator { get; init; }

    /// <summary>Translates webhooks. Null: this adapter takes no webhooks.</summary>
    public IWebhookTranslator? Translator { get; init; }

    /// <summary>Reads the source. Null: this adapter cannot poll, and a lost webhook stays lost.</summary>
    public IProbe? Probe { get; init; }

    /// <summary>The schemes of the keys that the probe can read.</summary>
    public ImmutableArray<string> ProbeSchemes { get; init; } = [];

    /// <summary>Whether the probe can read the history of branches (<see cref="ProbeBatch.Lines"/>). The default is false.</summary>
    public bool ReadsLines { get; init; }

    /// <summary>
    /// Time between two looks at an open item to which something happened, and between two sweeps. The default is 60 s; at least 1 s outside
    /// of simulation. An item that is done, or on which every one of <see cref="Gates"/> holds, is looked at ten times more rarely, at least
    /// every 15 min; one that has been done and unchanged for a day, after seven days and then each time after twice as long.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The longest time between two looks at an open item on which something is missing: a tenth of the time for which nothing has happened
    /// to it, between <see cref="PollInterval"/> and this. The default is null: three poll intervals. A sweep finds most of what happens sooner.
    /// </summary>
    public TimeSpan? QuietPollInterval { get; init; }

    /// <summary>
    /// The most that this process asks of the source in any hour, in the units in which the source counts (requests; points of GitHub's GraphQL);
    /// 2 or more. Looks that it cannot pay for wait, oldest first, and sweeps go before them. Several processes on one store have one each. The
    /// default is null: no limit but the source's own.
    /// </summary>
    public int? CallsPerHour { get; init; }

    /// <summary>How soon after a webhook its subject is read again. The default is 5 s.</summary>
    public TimeSpan HintDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The most keys in one probe. The default is 100.</summary>
    public int MaxKeysPerProbe { get; init; } = 100;

    /// <summary>The largest body it takes, in bytes. The default is 25 MB, GitHub's own limit.</summary>
    public int MaxBodyBytes { get; init; } = 25 * 1024 * 1024;

    /// <summary>The status that answers an authentic but malformed delivery: 400 or 422, or 202 for senders that stop or repeat on errors (registries).</summary>
    public int MalformedStatusCode { get; init; } = 400;

    internal TimeSpan LongestInterval => QuietPollInterval ?? PollInterval * 3;
}
