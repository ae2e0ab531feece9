using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>
/// Jenkins as the writer of the gate <c>main-ci</c>: notifications of builds, and the JSON API that is read to repair what they miss.
/// </summary>
public static class JenkinsAdapter
{
    /// <summary>The adapter's name and the last segment of its webhook's address: <c>jenkins</c>.</summary>
    public const string Name = "jenkins";

    /// <summary>The largest webhook body that is taken: 1 MB. Notifications are larger only when they are set to carry the build's log.</summary>
    public const int MaxBodyBytes = 1024 * 1024;

    /// <summary>The writer of this adapter's facts, <c>ci:jenkins</c>.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Ci, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Which Jenkins, and which of its jobs.</param>
    /// <param name="http">
    /// Sends the requests; it should not follow redirects (see <see cref="CreateHandler"/>), and its own time limit should not be shorter
    /// than <see cref="JenkinsOptions.RequestTimeout"/>. It is not disposed.
    /// </param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(JenkinsOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var problems = JenkinsOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException(JenkinsOptionsValidation.Section, typeof(JenkinsOptions), problems);
        var settings = JenkinsSettings.From(options);
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [Writer],
            Gates = [Gates.MainCi],
            Authenticator = new JenkinsWebhookAuthenticator(options.WebhookToken!),
            Translator = new JenkinsWebhookTranslator(settings),
            Probe = new JenkinsProbe(settings, new JenkinsClient(settings, http, time)),
            ProbeSchemes = [KeySchemes.Build, KeySchemes.Commit],
            PollInterval = options.PollInterval,
            QuietPollInterval = options.QuietPollInterval,
            CallsPerHour = options.CallsPerHour,
            MaxBodyBytes = MaxBodyBytes,
            MalformedStatusCode = 400,
        };
    }

    /// <summary>
    /// Says what the adapter makes of a file, offline: a body of the notification or CloudEvents plugin or of the generic webhook, a build of the JSON API, a
    /// job with its builds, an item of the queue, an answer of <c>wfapi/describe</c>, or an array of these. All jobs count; the repository is the one that
    /// the file itself names. <see cref="PayloadExplanation.Summary"/> has <c>commits</c>: the revision that was built, then the change log's.
    /// </summary>
    /// <param name="input">The file. Anything else than the above is explained as ignored.</param>
    /// <param name="eventName">The <c>ce-type</c> of a body that the CloudEvents plugin sent; null for all else.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName = null) => JenkinsExplanation.Of(input, eventName);

    /// <summary>Makes a message handler as this adapter needs it: no redirects, no cookies, compressed answers unpacked.</summary>
    public static SocketsHttpHandler CreateHandler() => SourceClient.CreateHandler();
}
