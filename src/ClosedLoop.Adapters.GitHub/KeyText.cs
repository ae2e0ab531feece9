using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// Makes keys of names that people chose. GitHub allows emoji and any length in check, branch and environment names, and a key does
/// not: such characters are written as <c>%XXXX</c> and an overlong name ends in its hash, so that equal names still give equal keys.
/// </summary>
internal static class KeyText
{
    private const int MaxName = 200;

    // What an attribute keeps; a list that is cut in the middle of a key would name another one.
    private const int MaxList = 1000;

    public static Key? Item(string id) => Key.TryParse($"{KeySchemes.Item}:{id}", out var key) ? key : null;

    public static Key? Branch(string repository, string name) => string.IsNullOrWhiteSpace(name) ? null : Key.Branch(repository, Clean(name));

    public static Key? Check(string repository, string sha, string name) => string.IsNullOrWhiteSpace(name) ? null : Key.Check(repository, sha, Clean(name));

    /// <summary>A build by its address; a part of the address that no key can hold is written as in <see cref="Clean"/>.</summary>
    public static Key Build(string url) => Key.Build(Clean(url));

    public static string Clean(string name)
    {
        if (name.Length <= MaxName && !name.Any(static c => char.IsControl(c) || char.IsSurrogate(c))) return name;
        var text = new StringBuilder(name.Length);
        foreach (char c in name)
        {
            if (char.IsControl(c) || char.IsSurrogate(c)) text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X4}");
            else text.Append(c);
        }
        if (text.Length <= MaxName) return text.ToString();
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        return $"{text.ToString(0, MaxName - 17)}~{hash}";
    }

    /// <summary>Keys as one attribute, separated by spaces, as many of them as it keeps whole.</summary>
    public static string List(IReadOnlyCollection<Key> keys, out int left)
    {
        var text = new StringBuilder();
        left = keys.Count;
        foreach (var key in keys)
        {
            string name = key.ToString();
            if (text.Length + 1 + name.Length > MaxList) break;
            if (text.Length > 0) text.Append(' ');
            text.Append(name);
            left--;
        }
        return text.ToString();
    }

    /// <summary>Whether a text is a full commit id, SHA-1 or SHA-256, and not the zeros that stand for "none".</summary>
    public static bool IsCommit(string? sha) => sha is { Length: 40 or 64 } && sha.All(char.IsAsciiHexDigit) && sha.Any(static c => c != '0');
}
