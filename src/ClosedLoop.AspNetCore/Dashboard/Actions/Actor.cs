using System.Security.Claims;
using ClosedLoop.Facts;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Dashboard.Actions;

/// <summary>The person who acts, as the host authenticated them.</summary>
internal static class Actor
{
    /// <summary>The name that an action is recorded under; null when nobody is signed in, or under no name that can be recorded.</summary>
    public static string? Of(HttpContext context)
    {
        // A name that nobody authenticated proves nothing.
        var identity = context.User.Identities.FirstOrDefault(static i => i.IsAuthenticated);
        string? name = identity?.Name ?? identity?.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        return name is not null && Writer.TryParse($"{WriterRoles.Person}:{name}", out _) ? name : null;
    }
}
