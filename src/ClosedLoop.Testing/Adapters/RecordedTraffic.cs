using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ClosedLoop.Testing.Adapters;

/// <summary>
/// Answers requests from a list instead of a network: what an adapter's probe reads in a test. What is not in the list is answered with 404,
/// and every request is kept.
/// </summary>
/// <remarks>Safe from several threads once it is filled.</remarks>
public sealed class RecordedTraffic : HttpMessageHandler
{
    private readonly ConcurrentDictionary<(string Method, string PathAndQuery), Answer> _answers = new();
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();

    /// <summary>The requests that came, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>When set, every request is answered with this status and these headers, or for 0 as if nobody listened.</summary>
    public (int StatusCode, IReadOnlyDictionary<string, string> Headers)? Failure { get; set; }

    /// <summary>Answers what is not in the list, such as a fake server of one's own. Null, the default: 404.</summary>
    public HttpMessageHandler? Otherwise { get; set; }

    /// <summary>Adds an answer; the last one for a method and path counts.</summary>
    /// <param name="method">Such as <c>GET</c>.</param>
    /// <param name="pathAndQuery">Such as <c>/api/scans?since=3</c>, as sent; without a query it answers whatever the query is, unless that one has an answer of its own.</param>
    /// <param name="body">The body.</param>
    /// <param name="statusCode">The status.</param>
    /// <param name="headers">Headers of the answer, <c>Content-Type</c> among them (the default is <c>application/json</c>).</param>
    public RecordedTraffic On(string method, string pathAndQuery, string body, int statusCode = 200, IReadOnlyDictionary<string, string>? headers = null)
    {
        _answers[(method, pathAndQuery)] = new Answer(statusCode, _ => body, headers ?? new Dictionary<string, string>());
        return this;
    }

    /// <summary>Adds an answer that depends on the request, as those of a query language do.</summary>
    /// <param name="method">Such as <c>POST</c>.</param>
    /// <param name="pathAndQuery">As for the other answers.</param>
    /// <param name="answer">Makes the body of the request that came.</param>
    public RecordedTraffic On(string method, string pathAndQuery, Func<RecordedRequest, string> answer)
    {
        _answers[(method, pathAndQuery)] = new Answer(200, answer, new Dictionary<string, string>());
        return this;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        string? sent = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        var recorded = new RecordedRequest(request.Method.Method, request.RequestUri!, request.Headers.ToDictionary(static h => h.Key, static h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase), sent);
        _requests.Enqueue(recorded);
        if (Failure is null && Otherwise is { } other && Find(recorded) is null)
        {
            using var invoker = new HttpMessageInvoker(other, disposeHandler: false);
            return await invoker.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        var answer = Failure is var (status, headers)
            ? status == 0 ? throw new HttpRequestException(HttpRequestError.ConnectionError, "nobody listens") : new Answer(status, static _ => "", headers)
            : Find(recorded) ?? new Answer(404, static _ => "{}", new Dictionary<string, string>());
        var response = new HttpResponseMessage((HttpStatusCode)answer.StatusCode) { RequestMessage = request, Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer.Body(recorded))) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in answer.Headers)
        {
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                response.Content.Headers.Remove(name);
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return response;
    }

    private Answer? Find(RecordedRequest request) =>
        _answers.GetValueOrDefault((request.Method, request.Address.PathAndQuery)) ?? _answers.GetValueOrDefault((request.Method, request.Address.AbsolutePath));

    private sealed record Answer(int StatusCode, Func<RecordedRequest, string> Body, IReadOnlyDictionary<string, string> Headers);
}
