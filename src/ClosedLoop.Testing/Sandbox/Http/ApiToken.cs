using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Http;

/// <summary>Checks the token that a caller shows, in its <c>Authorization</c> header as a rule.</summary>
internal static class ApiToken
{
    public static bool IsBearer(HttpContext context, string token) => Is(context, "Bearer ", token) || Is(context, "token ", token);

    /// <summary>Whether a header of its own has the token.</summary>
    public static bool IsHeader(HttpContext context, string header, string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(context.Request.Headers[header].ToString()), Encoding.UTF8.GetBytes(token));

    public static bool IsBasic(HttpContext context, string user, string token) =>
        Is(context, "Basic ", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token}")));

    private static bool Is(HttpContext context, string scheme, string credentials)
    {
        string header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) &&
            CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header[scheme.Length..].Trim()), Encoding.UTF8.GetBytes(credentials));
    }
}
