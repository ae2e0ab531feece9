using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Alerting.Delivery;
using Polly;
using Polly.Retry;

namespace ClosedLoop.Alerting.Sinks;

/// <summary>
/// Sends a sink's requests. What fails at once is tried twice more, and a limit of the rate that ends within ten seconds is waited for; everything longer
/// is left to the outbox. Redirects are not followed; messages name the option's path and the host, and nothing else of an address.
/// </summary>
internal sealed class SinkPost
{
    private const int MaxAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly string _path;
    private readonly TimeSpan _timeout;
    private readonly Func<HttpClient> _http;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<Attempt> _pipeline;

    public SinkPost(string path, TimeSpan timeout, Func<HttpClient> http, TimeProvider time)
    {
        (_path, _timeout, _http, _time) = (path, timeout, http, time);
        _pipeline = new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = Pauses.Length,
                ShouldHandle = arguments => ValueTask.FromResult(Wait(arguments.Outcome, arguments.AttemptNumber) is not null),
                DelayGenerator = arguments => ValueTask.FromResult(Wait(arguments.Outcome, arguments.AttemptNumber)),
            })
            .Build();
    }

    /// <summary>Posts JSON.</summary>
    public ValueTask<SourceAnswer> PostJsonAsync(Uri target, byte[] body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, target, request => request.Content = Json(body), cancellationToken);

    /// <summary>Posts JSON with a bearer token.</summary>
    public ValueTask<SourceAnswer> SendJsonAsync(HttpMethod method, Uri target, byte[] body, string token, CancellationToken cancellationToken) =>
        SendAsync(
            method,
            target,
            request =>
            {
                request.Content = Json(body);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            },
            cancellationToken);

    /// <summary>Sends a request, made anew for each attempt.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public async ValueTask<SourceAnswer> SendAsync(HttpMethod method, Uri target, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var origin = new Uri(target.GetLeftPart(UriPartial.Authority) + "/");
        var client = new SourceClient($"{_path}: {target.Host}", origin, _http(), _time) { RequestTimeout = _timeout, MaxAnswerBytes = MaxAnswerBytes, ReadsRefusals = true };
        // "./": a path with a colon in it is not an address of its own.
        string path = "./" + target.PathAndQuery[1..];
        var last = await _pipeline.ExecuteAsync(
            async token =>
            {
                long started = _time.GetTimestamp();
                var answer = await client.SendAsync(method, path, prepare, token).ConfigureAwait(false);
                return new Attempt(answer, _time.GetElapsedTime(started) >= _timeout);
            },
            cancellationToken).ConfigureAwait(false);
        return last.Answer;
    }

    public static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } };

    /// <summary>The first words of an answer, for a message.</summary>
    public static string Said(SourceAnswer answer)
    {
        string said = SafeText.Line(Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, 400)]), 80);
        return said.Length == 0 ? "" : $" and said {SourceText.Quote(said)}";
    }

    /// <summary>What is thrown so that the outbox tries again later.</summary>
    public static HttpRequestException Later(SourceAnswer answer) => new($"{answer.Detail ?? "The other side did not take it"}; it is tried again later.", null, answer.StatusCode == 0 ? null : (HttpStatusCode)answer.StatusCode);

    /// <summary>What is thrown so that the outbox tries again later, when the answer alone does not say why.</summary>
    public HttpRequestException Later(Uri target, string what) => new($"{_path}: {target.Host} {what}; it is tried again later.");

    /// <summary>What is thrown when trying again is useless.</summary>
    public UndeliverableNoticeException Never(Uri target, string what, string fix) => new($"{_path}: {target.Host} {what}; {fix}.");

    private TimeSpan? Wait(Outcome<Attempt> outcome, int attempt)
    {
        if (outcome.Result is not { } made) return null;
        var answer = made.Answer;
        bool transient = answer.Kind == SourceAnswerKind.RateLimited || answer.StatusCode >= 500 || (answer.StatusCode == 0 && !answer.IsTooLarge && answer.Kind == SourceAnswerKind.Unreachable);
        // One that took all its time would take it again.
        if (!transient || made.TookTooLong) return null;
        if (answer.RetryAt is not { } at) return Pauses[Math.Min(attempt, Pauses.Length - 1)];
        var wait = at - _time.GetUtcNow();
        return wait > LongestWait ? null : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private sealed record Attempt(SourceAnswer Answer, bool TookTooLong);
}
