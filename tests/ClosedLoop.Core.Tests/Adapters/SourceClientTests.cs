using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Core.Tests.Adapters;

/// <summary>Against a real socket: what a source can do wrong comes back as an answer.</summary>
public sealed class SourceClientTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ManualTimeProvider _time = new(Given.Start);
    private readonly HttpClient _http = new(SourceClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    public SourceClientTests() => _listener.Start();

    public void Dispose()
    {
        _listener.Dispose();
        _http.Dispose();
    }

    [Fact]
    public async Task What_is_found_comes_with_its_body_and_headers()
    {
        var answer = await AskAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"v1\"\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
        Assert.Equal((SourceAnswerKind.Found, 200, "application/json", "{\"a\":1}"), (answer.Kind, answer.StatusCode, answer.MediaType, Encoding.UTF8.GetString(answer.Body.Span)));
        Assert.Equal("\"v1\"", answer.Headers!.ETag!.Tag);
        Assert.True(answer.TryParse(out var json));
        json.Dispose();
    }

    [Theory]
    [InlineData("304 Not Modified", SourceAnswerKind.Unchanged)]
    [InlineData("404 Not Found", SourceAnswerKind.Missing)]
    [InlineData("410 Gone", SourceAnswerKind.Missing)]
    [InlineData("403 Forbidden", SourceAnswerKind.Forbidden)]
    [InlineData("401 Unauthorized", SourceAnswerKind.Unreachable)]
    [InlineData("429 Too Many Requests", SourceAnswerKind.RateLimited)]
    [InlineData("500 Oops", SourceAnswerKind.Unreachable)]
    [InlineData("503 Unavailable", SourceAnswerKind.Unreachable)]
    [InlineData("302 Found\r\nLocation: http://127.0.0.1:9/", SourceAnswerKind.Unreachable)]
    [InlineData("307 Temporary Redirect\r\nLocation: /elsewhere", SourceAnswerKind.Unreachable)]
    [InlineData("418 Teapot", SourceAnswerKind.Unreachable)]
    public async Task Every_status_says_what_it_means(string status, SourceAnswerKind expected)
    {
        var answer = await AskAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(expected, answer.Kind);
        Assert.Equal(expected == SourceAnswerKind.Unchanged, answer.Detail is null);
    }

    [Theory]
    [InlineData("429 Too Many\r\nRetry-After: 120", 120)]
    [InlineData("429 Too Many", 60)]
    [InlineData("429 Too Many\r\nRetry-After: 999999999", 3600)]
    [InlineData("403 Forbidden\r\nRetry-After: 30", 30)]
    [InlineData("503 Unavailable\r\nRetry-After: 5", 5)]
    public async Task It_is_asked_again_when_it_said_and_within_an_hour(string status, int seconds)
    {
        var answer = await AskAsync($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(Given.Start.AddSeconds(seconds), answer.RetryAt);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_read_whether_it_says_so_or_not()
    {
        string body = new('x', 5000);
        Assert.Contains("more than", (await AskAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"), maxBytes: 1000)).Detail, StringComparison.Ordinal);
        Assert.Contains("more than", (await AskAsync($"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}", maxBytes: 1000)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_says_nothing_or_breaks_off_is_unreachable()
    {
        Assert.Equal(SourceAnswerKind.Unreachable, (await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")).Kind);
        Assert.Equal(SourceAnswerKind.Unreachable, (await AskAsync("HTTP/1.1 20")).Kind);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var asked = Client(((IPEndPoint)silent.LocalEndpoint).Port).GetAsync("x", null, default).AsTask();
        using (await silent.AcceptSocketAsync())
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            var answer = await asked;
            Assert.Equal((SourceAnswerKind.Unreachable, "the source did not answer within 30 s"), (answer.Kind, answer.Detail));
        }
        silent.Stop();
        Assert.Equal(SourceAnswerKind.Unreachable, (await Client(((IPEndPoint)_listener.LocalEndpoint).Port, stop: true).GetAsync("x", null, default)).Kind);
    }

    [Theory]
    [InlineData("http://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/above")]
    [InlineData("../above")]
    public async Task A_path_that_leads_away_is_a_defect_of_the_caller(string path) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await Client(9).GetAsync(path, null, default));

    private async Task<SourceAnswer> AskAsync(string reply, int maxBytes = 1_000_000)
    {
        var client = Client(((IPEndPoint)_listener.LocalEndpoint).Port, maxBytes);
        var asked = client.GetAsync("things?x=1", null, default).AsTask();
        using (var socket = await _listener.AcceptSocketAsync())
        {
            byte[] request = new byte[4096];
            int read = await socket.ReceiveAsync(request, SocketFlags.None);
            Assert.StartsWith("GET /api/things?x=1 HTTP/1.1", Encoding.ASCII.GetString(request, 0, read), StringComparison.Ordinal);
            await socket.SendAsync(Encoding.UTF8.GetBytes(reply), SocketFlags.None);
            socket.Shutdown(SocketShutdown.Send);
            return await asked;
        }
    }

    private SourceClient Client(int port, int maxBytes = 1_000_000, bool stop = false)
    {
        if (stop) _listener.Stop();
        return new SourceClient("the source", new Uri($"http://127.0.0.1:{port}/api"), _http, _time) { MaxAnswerBytes = maxBytes };
    }
}
