using System.Text.Json.Serialization;

namespace ClosedLoop.Facts;

/// <summary>
/// Who says so: the authenticated system, agent or person that a fact comes from, <c>role:name</c>
/// (<c>ci:jenkins</c>, <c>agent:builder-7</c>, <c>person:ann</c>). A gate accepts facts only from its own writers.
/// </summary>
/// <param name="Role">What the writer is to a gate; see <see cref="WriterRoles"/>.</param>
/// <param name="Name">The writer's own name.</param>
[JsonConverter(typeof(WriterJsonConverter))]
public readonly record struct Writer(string Role, string Name) : IComparable<Writer>
{
    /// <summary>The longest text form: 160 characters.</summary>
    public const int MaxLength = 160;

    /// <summary>A builder or other agent, by name.</summary>
    public static Writer Agent(string name) => new(WriterRoles.Agent, name);

    /// <summary>The migration of older records: only <see cref="Migration.ILoopMigration"/> writes as this.</summary>
    public static Writer Migration { get; } = new(WriterRoles.Host, "migration");

    /// <summary>A named person; what a person records or waives is always shown as such.</summary>
    public static Writer Person(string name) => new(WriterRoles.Person, name);

    /// <summary>Parses <c>role:name</c>.</summary>
    public static bool TryParse(string? text, out Writer writer)
    {
        writer = default;
        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0 || colon == text!.Length - 1 || text.Length > MaxLength || PlainText.HasControl(text)) return false;
        writer = new Writer(text[..colon], text[(colon + 1)..]);
        return true;
    }

    /// <summary>Parses <c>role:name</c>.</summary>
    /// <exception cref="FormatException">The text is not a writer.</exception>
    public static Writer Parse(string text) =>
        TryParse(text, out var writer) ? writer : throw new FormatException($"'{text}' is not a writer; expected role:name, such as ci:jenkins.");

    /// <summary>Whether a gate's writer pattern, a role (<c>ci</c>) or a full name (<c>ci:jenkins</c>), names this writer.</summary>
    public bool Matches(string pattern) =>
        string.Equals(pattern, Role, StringComparison.Ordinal)
        || (Role is not null && Name is not null && pattern.Length == Role.Length + 1 + Name.Length && pattern[Role.Length] == ':'
            && pattern.StartsWith(Role, StringComparison.Ordinal) && pattern.EndsWith(Name, StringComparison.Ordinal));

    /// <summary>Whether its text form can be read back as the same writer.</summary>
    internal bool IsWellFormed =>
        !string.IsNullOrEmpty(Role) && !string.IsNullOrEmpty(Name) && Role.Length + 1 + Name.Length <= MaxLength
        && !Role.Contains(':', StringComparison.Ordinal) && !PlainText.HasControl(Role) && !PlainText.HasControl(Name);

    /// <inheritdoc/>
    public int CompareTo(Writer other)
    {
        int role = string.CompareOrdinal(Role, other.Role);
        return role != 0 ? role : string.CompareOrdinal(Name, other.Name);
    }

    /// <summary>The text form, <c>role:name</c>.</summary>
    public override string ToString() => $"{Role}:{Name}";
}
