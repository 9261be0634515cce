"""What a training shall do: preset cards and every parameter."""
