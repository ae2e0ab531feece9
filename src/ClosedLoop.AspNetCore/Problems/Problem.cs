using System.Globalization;
using System.Text.Json;
using ClosedLoop.AspNetCore.Api;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Problems;

/// <summary>An error as problem details (RFC 9457). Types and titles are stable; details are sentences for people and never hold what a stranger sent.</summary>
internal sealed class Problem : Answer
{
    /// <summary>When a sender may try again, in seconds: a full queue empties within a few commits.</summary>
    public const int RetryAfterSeconds = 5;

    private const string Prefix = "urn:closedloop:problem:";

    private readonly string _type;
    private readonly string _title;
    private readonly string _detail;

    private Problem(int status, string type, string title, string detail)
        : base(status)
    {
        _type = type;
        _title = title;
        _detail = detail;
    }

    private string? Allow { get; init; }

    private string? Challenge { get; init; }

    public static Problem BadRequest(string detail) => new(400, "malformed", "The request is not what was expected", detail);

    public static Problem Unauthorized(string detail, bool wrongToken) => new(401, "unauthorized", "The caller is not known", detail)
    {
        Challenge = wrongToken ? "Bearer realm=\"closedloop\", error=\"invalid_token\"" : "Bearer realm=\"closedloop\"",
    };

    public static Problem BadSignature(string detail) => new(401, "bad-signature", "The delivery is not authentic", detail);

    public static Problem Forbidden(string detail) => new(403, "refused", "The caller may not do this", detail);

    public static Problem NotFound(string detail) => new(404, "not-found", "There is no such thing", detail);

    public static Problem MethodNotAllowed(string allow) => new(405, "method-not-allowed", "The method is not taken here", $"Use {allow}.") { Allow = allow };

    public static Problem Conflict(string detail) => new(409, "conflict", "It cannot be changed so now", detail);

    public static Problem TooLarge(string detail) => new(413, "too-large", "The body is too large", detail);

    public static Problem NotJson() => new(415, "not-json", "The body is not JSON", "Send JSON with 'Content-Type: application/json'.");

    public static Problem Busy(string detail) => new(503, "busy", "The record cannot be written or read now", detail);

    public static Problem TooManyStreams(string detail) => new(503, "too-many-streams", "No more streams are served now", detail);

    public static Problem Failed() => new(500, "failed", "The request failed", "This is a fault of the server; its log has the cause.");

    /// <summary>A broken request that the server itself noticed, such as a body that ends too early.</summary>
    public static Problem Broken(int status) => new(status, "broken", "The request could not be read", "The body ended too early, was too slow or is not framed as HTTP says.");

    /// <summary>An error of a status that a sender's contract asks for.</summary>
    public static Problem Malformed(int status, string detail) => new(status, "malformed", "The delivery is not what its sender's contract says", detail);

    protected override void AddHeaders(HttpResponse response)
    {
        if (Status == 503) response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        if (Allow is not null) response.Headers.Allow = Allow;
        if (Challenge is not null) response.Headers.WWWAuthenticate = Challenge;
    }

    protected override byte[] Body(out string contentType)
    {
        contentType = "application/problem+json";
        return JsonSerializer.SerializeToUtf8Bytes(new ProblemBody(Prefix + _type, _title, Status, _detail), ApiJson.Default.ProblemBody);
    }
}
