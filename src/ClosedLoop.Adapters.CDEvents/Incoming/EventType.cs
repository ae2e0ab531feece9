namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>An event's type, <c>dev.cdevents.SUBJECT.PREDICATE.VERSION</c>.</summary>
internal readonly record struct EventType(string Subject, string Predicate, int Major)
{
    private const string Namespace = "dev.cdevents.";

    /// <summary>Reads a type of CDEvents' own; custom ones (<c>dev.cdeventsx.</c>) and others are null.</summary>
    public static EventType? Read(string text)
    {
        if (!text.StartsWith(Namespace, StringComparison.Ordinal)) return null;
        string[] parts = text[Namespace.Length..].Split('.', 4);
        if (parts.Length < 3 || parts[0].Length == 0 || parts[1].Length == 0) return null;
        return int.TryParse(parts[2], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int major) ? new EventType(parts[0], parts[1], major) : null;
    }

    public override string ToString() => $"{Subject}.{Predicate}";
}
