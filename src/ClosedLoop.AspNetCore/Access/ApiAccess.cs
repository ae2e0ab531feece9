using ClosedLoop.AspNetCore.Problems;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ClosedLoop.AspNetCore.Access;

/// <summary>Decides who calls and what the caller may do: by bearer token first, else as the host authenticated it.</summary>
internal sealed class ApiAccess(WriterTokens tokens, IOptions<ClosedLoopApiOptions> options)
{
    private const string Scheme = "Bearer ";
    private const string Ask = "send 'Authorization: Bearer' with the token of a writer in Api:Writers";

    public Caller Identify(HttpContext context)
    {
        // ToString joins repeated headers by a comma, which no token has.
        string header = context.Request.Headers.Authorization.ToString();
        bool isBearer = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
        if (isBearer && tokens.Find(header[Scheme.Length..].Trim()) is { } writer) return new Caller(writer, true, null);
        if (context.User.Identities.Any(static i => i.IsAuthenticated)) return ByClaim(context);
        string problem = header.Length == 0 ? $"No token was sent; {Ask}." : isBearer ? $"The token is not known; {Ask}." : $"The authorization scheme is not taken; {Ask}.";
        return new Caller(null, false, problem) { HasWrongToken = isBearer };
    }

    /// <summary>Refuses a caller, or null when it may go on.</summary>
    public Problem? Refuse(Caller caller, ReaderOrWriter required)
    {
        if (required == ReaderOrWriter.Reader && (options.Value.AllowAnonymousReads || caller.IsKnown)) return null;
        if (caller.Writer is not null) return null;
        return caller.IsKnown ? Problem.Forbidden(caller.Problem!) : Problem.Unauthorized(caller.Problem!, caller.HasWrongToken);
    }

    private Caller ByClaim(HttpContext context)
    {
        if (options.Value.WriterClaimType is not { } type)
            return new Caller(null, true, "The host's users do not write here; set Api:WriterClaimType to the claim that names a user's writer.");
        // A claim of an identity that nobody authenticated proves nothing.
        var values = context.User.Identities.Where(static i => i.IsAuthenticated).SelectMany(i => i.FindAll(type)).Select(static c => c.Value).Distinct(StringComparer.Ordinal).ToList();
        if (values.Count != 1)
            return new Caller(null, true, $"The user has {values.Count} claims of type '{type}'; exactly one must name the writer, such as person:ann.");
        return Writer.TryParse(values[0], out var writer) && writer != Writer.Migration
            ? new Caller(writer, true, null)
            : new Caller(null, true, $"The user's claim '{type}' names no writer that may be used here; expected role:name, such as person:ann.");
    }
}
