using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClosedLoop.Testing.Sandbox.Registry;

/// <summary>The tokens of the registry's token server: each for pulling one repository, for five minutes.</summary>
internal sealed class RegistryTokens(string key)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <summary>A token.</summary>
    /// <param name="scope">What it is for, such as <c>repository:acme/web:pull</c>; empty: only for showing that one may come in.</param>
    /// <param name="now">From when.</param>
    public string Issue(string scope, DateTimeOffset now) => Sign(scope, (now + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    public bool IsValid(string token, string scope, DateTimeOffset now) =>
        token.Split('.') is [var until, _] && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && now.ToUnixTimeSeconds() < seconds &&
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(scope, until)), Encoding.UTF8.GetBytes(token));

    private string Sign(string scope, string until) => $"{until}.{Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{until} {scope}")))}";
}
