using ClosedLoop.Adapters.Gitea.Probing;
using ClosedLoop.Adapters.Gitea.Webhooks;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Gitea;

/// <summary>Gitea and Forgejo: pull requests, reviews, merges, commit statuses and workflow runs, by webhook and by poll.</summary>
public static class GiteaAdapter
{
    /// <summary>The default of the adapter's name, which is also the last segment of its webhook's address: <c>gitea</c>.</summary>
    public const string Name = "gitea";

    /// <summary>The largest delivery that is taken: 25 MB.</summary>
    public const int MaxBodyBytes = 25 * 1024 * 1024;

    /// <summary>The writer of pull requests, reviews, merges and lines: <c>scm:gitea</c> (with another name when the options name one).</summary>
    public static Writer Writer { get; } = new(WriterRoles.SourceControl, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Which Gitea or Forgejo, and which of its repositories.</param>
    /// <param name="http">Sends the requests; made with <see cref="SourceClient.CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(GiteaOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var problems = options.Validate();
        if (problems.Count > 0) throw new OptionsValidationException(GiteaOptionsRules.Section, typeof(GiteaOptions), problems);
        var settings = GiteaSettings.From(options);
        var probe = options.Token is { } token ? MakeProbe(options, settings, token, http, time) : null;
        return new AdapterRegistration
        {
            Name = options.Name,
            Writers = [settings.Host.SourceControl, settings.Host.Ci],
            Gates = [Gates.PrOpened, Gates.Reviewed, Gates.Merged, Gates.MainCi],
            Authenticator = options.ReceiveWebhooks ? new GiteaAuthenticator(options.WebhookSecret!, options.PreviousWebhookSecret) : null,
            Translator = options.ReceiveWebhooks ? new GiteaTranslator(settings) : null,
            Probe = probe,
            ProbeSchemes = probe is null ? [] : [KeySchemes.PullRequest, KeySchemes.Commit],
            ReadsLines = probe is not null,
            PollInterval = options.PollInterval,
            QuietPollInterval = options.QuietPollInterval,
            CallsPerHour = options.CallsPerHour,
            MaxBodyBytes = MaxBodyBytes,
        };
    }

    /// <summary>
    /// What the adapter makes of a webhook's body, an object or list of the API (pull requests, reviews, statuses, a commit's combined status,
    /// commits), offline and without configuration: every branch is taken for a line. Never throws for what the input holds.
    /// </summary>
    /// <param name="input">JSON, or a form with the field <c>payload</c>; 25 MB at most.</param>
    /// <param name="eventName">The header <c>X-Gitea-Event</c> or <c>X-Gitea-Event-Type</c>, or <c>pull_request</c>, <c>review</c>, <c>status</c>, <c>combined_status</c> or <c>commit</c>; null: by its form.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => GiteaExplanation.Explain(input, eventName);

    private static HostProbe MakeProbe(GiteaOptions options, GiteaSettings settings, string token, HttpClient http, TimeProvider time)
    {
        var source = new SourceClient(GiteaOptionsRules.Section, new Uri(settings.Host.WebAddress, "api/v1/"), http, time)
        {
            RequestTimeout = options.RequestTimeout,
            Prepare = request =>
            {
                request.Headers.TryAddWithoutValidation("Authorization", $"token {token}");
                request.Headers.TryAddWithoutValidation("Accept", "application/json");
                request.Headers.TryAddWithoutValidation("User-Agent", "ClosedLoop");
            },
        };
        return new HostProbe(settings.Host, new HostClient(source, time, minRemaining: 0), session => new GiteaReader(session, settings), maxSegments: 2);
    }
}
